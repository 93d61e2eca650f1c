import { useQuery } from '@tanstack/react-query';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { PermissionName } from '@/resource/detail/PermissionList';
import { SectionProblem } from '@/resource/SectionProblem';
import { Card } from '@/ui/Card';
import { Chip } from '@/ui/Chip';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { listPermissions } from './usersApi';

/** What a user may do, and through which role. */
export function UserPermissions({ user }: { user: User }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['users', 'permissions', user.id],
    queryFn: () => listPermissions(user.id),
  });
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  return (
    <Card title={t('users.tabPermissions')} lead={t('users.permissionsLead')}>
      {!(user.active && user.approved) && <Notice tone="warning">{t('users.permissionsIdle')}</Notice>}
      {data.items.length === 0 && <p className="text-muted">{t('users.noPermissions')}</p>}
      <ul className="divide-y divide-line">
        {data.items.map(({ permission, roles }) => (
          <li key={permission} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <span className="min-w-52 text-sm font-semibold">
              <PermissionName permission={permission} />
            </span>
            <span className="inline-flex min-w-0 flex-wrap items-center gap-1 text-sm text-muted">
              {t('users.through')}
              {roles.map((role) => (
                <Chip key={role}>{role}</Chip>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
