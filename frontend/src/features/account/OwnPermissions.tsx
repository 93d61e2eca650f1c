import { t } from '@/locales/text';
import { PermissionList } from '@/resource/detail/PermissionList';
import { Card } from '@/ui/Card';

export function OwnPermissions({ permissions }: { permissions: readonly string[] }) {
  return (
    <Card title={t('account.permissions')} lead={t('account.permissionsLead')}>
      {permissions.length === 0 && <p className="text-muted">{t('account.noPermissions')}</p>}
      <PermissionList permissions={permissions} />
    </Card>
  );
}
