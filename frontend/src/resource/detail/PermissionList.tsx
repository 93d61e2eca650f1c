import { t } from '@/locales/text';

export function PermissionList({ permissions }: { permissions: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-2">
      {permissions.map((permission) => (
        <li key={permission} className="max-w-full rounded-lg bg-sunken px-3 py-1.5 text-sm">
          <PermissionName permission={permission} />
        </li>
      ))}
    </ul>
  );
}

/** A permission as it is written, and in words where it is but a sign. */
export function PermissionName({ permission }: { permission: string }) {
  return (
    <>
      <code className="wrap-anywhere">{permission}</code>
      {permission === '*' && <span className="font-normal text-muted"> · {t('roles.everything')}</span>}
    </>
  );
}
