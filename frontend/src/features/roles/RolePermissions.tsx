import type { Role } from '@/api/types';
import { t } from '@/locales/text';
import { PermissionList } from '@/resource/detail/PermissionList';
import { Card } from '@/ui/Card';

export function RolePermissions({ role }: { role: Role }) {
  return (
    <Card>
      {role.permissions.length === 0 && <p className="text-muted">{t('roles.noPermissions')}</p>}
      <PermissionList permissions={role.permissions} />
    </Card>
  );
}
