import { t } from '@/locales/text';
import { Card } from '@/ui/Card';

export function OwnPermissions({ permissions }: { permissions: readonly string[] }) {
  return (
    <Card title={t('account.permissions')} lead={t('account.permissionsLead')}>
      {permissions.length === 0 && <p className="text-muted">{t('account.noPermissions')}</p>}
      <ul className="flex flex-wrap gap-2">
        {permissions.map((permission) => (
          <li key={permission} className="max-w-full rounded-lg bg-sunken px-3 py-1.5 text-sm">
            <code className="wrap-anywhere">{permission}</code>
          </li>
        ))}
      </ul>
    </Card>
  );
}
