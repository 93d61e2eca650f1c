import type { Role } from '@/api/types';
import { t } from '@/locales/text';
import { Card } from '@/ui/Card';

export function RolePermissions({ role }: { role: Role }) {
  return (
    <Card>
      {role.permissions.length === 0 && <p className="text-muted">{t('roles.noPermissions')}</p>}
      <ul className="flex flex-wrap gap-2">
        {role.permissions.map((permission) => (
          <li key={permission} className="max-w-full rounded-lg bg-sunken px-3 py-1.5 text-sm">
            <code className="wrap-anywhere">{permission}</code>
            {permission === '*' && <span className="text-muted"> · {t('roles.everything')}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
