import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { useCan } from '@/access/useSession';
import { t } from '@/locales/text';
import { ApiKeys } from '@/resource/apiKeys/ApiKeys';
import { History } from '@/resource/detail/History';
import { Tabs } from '@/resource/detail/Tabs';
import { isWithdrawn } from '@/resource/isWithdrawn';
import { PageProblem } from '@/resource/PageProblem';
import { buttonLook } from '@/ui/buttonLook';
import { EmailText } from '@/ui/EmailText';
import { PageTitle } from '@/ui/PageTitle';
import { Skeleton } from '@/ui/Skeleton';
import { LockNotice } from './LockNotice';
import { UserActions } from './UserActions';
import { UserPermissions } from './UserPermissions';
import { UserProfile } from './UserProfile';
import { UserSessions } from './UserSessions';
import { UserStatus } from './UserStatus';
import { userName } from './userName';
import { keysOf } from './usersApi';
import { useUser } from './useUser';

export default function UserPage() {
  const { data, error, refetch } = useUser();
  const can = useCan();
  if (error && (!data || isWithdrawn(error)))
    return <PageProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const user = data.data;
  const tabs = [
    { name: 'profile', label: t('users.tabProfile'), render: () => <UserProfile user={user} /> },
    {
      name: 'permissions',
      label: t('users.tabPermissions'),
      render: () => <UserPermissions user={user} />,
    },
    { name: 'sessions', label: t('users.tabSessions'), render: () => <UserSessions user={user} /> },
    {
      name: 'api-keys',
      label: t('apiKeys.title'),
      render: () => (
        <ApiKeys keeper={keysOf(user.id)} lead={t('apiKeys.leadOfUser')} mayChange={can('users:write')} />
      ),
    },
    { name: 'history', label: t('resource.history'), render: () => <History target={user.id} /> },
  ];
  return (
    <>
      <PageTitle
        key={user.id}
        title={userName(user)}
        lead={
          <span className="flex flex-wrap items-center gap-2">
            {userName(user) !== user.email && <EmailText email={user.email} />}
            <UserStatus user={user} />
          </span>
        }
      >
        {can('users:write') && (
          <Link to="/users/$id/edit" params={{ id: user.id }} className={buttonLook({})}>
            <Pencil className="size-4" aria-hidden="true" />
            {t('action.edit')}
          </Link>
        )}
        <UserActions user={user} />
      </PageTitle>
      <LockNotice user={user} />
      <Tabs tabs={tabs.filter(({ name }) => name !== 'history' || can('audit:read'))} />
    </>
  );
}
