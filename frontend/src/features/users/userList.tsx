import { Link } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import type { ListDescriptor } from '@/resource/list/descriptor';
import { Chip } from '@/ui/Chip';
import { EmailText } from '@/ui/EmailText';
import { Moment } from '@/ui/Moment';
import { UserStatus } from './UserStatus';
import { userName } from './userName';
import { listUsers } from './usersApi';

export const userList: ListDescriptor<User> = {
  name: 'users',
  icon: Users,
  title: t('users.title'),
  empty: t('users.empty'),
  searchHint: t('users.searchHint'),
  keyOf: (user) => user.id,
  labelOf: userName,
  fetchPage: listUsers,
  columns: [
    { id: 'email', label: t('users.email'), sort: 'email', render: (user) => <Person user={user} /> },
    {
      id: 'username',
      label: t('users.username'),
      sort: 'username',
      from: 'wide',
      render: (user) => <span className="wrap-anywhere">{user.username}</span>,
    },
    { id: 'status', label: t('users.status'), from: 'tablet', render: (user) => <UserStatus user={user} /> },
    { id: 'roles', label: t('users.roles'), from: 'tablet', render: (user) => <Roles names={user.roles} /> },
    {
      id: 'seen',
      label: t('users.currentLoginAt'),
      sort: 'current_login_at',
      from: 'desktop',
      render: (user) => <Moment time={user.current_login_at} />,
    },
    {
      id: 'created',
      label: t('users.createdAt'),
      sort: 'created_at',
      from: 'tablet',
      render: (user) => <Moment time={user.created_at} />,
    },
  ],
  filters: [
    { field: 'email', label: t('users.email'), kind: 'text' },
    { field: 'username', label: t('users.username'), kind: 'text', nullable: true },
    { field: 'display_name', label: t('users.displayName'), kind: 'text', nullable: true },
    { field: 'roles', label: t('users.roles'), kind: 'text', nullable: true },
    { field: 'active', label: t('users.active'), kind: 'boolean' },
    { field: 'approved', label: t('users.approved'), kind: 'boolean' },
    { field: 'email_verified', label: t('users.emailVerified'), kind: 'boolean' },
    { field: 'mfa_enabled', label: t('users.mfa'), kind: 'boolean' },
    {
      field: 'kind',
      label: t('users.kind'),
      kind: 'choice',
      choices: [
        { value: 'person', label: t('users.person') },
        { value: 'service', label: t('users.service') },
      ],
    },
    { field: 'created_at', label: t('users.createdAt'), kind: 'time' },
    { field: 'current_login_at', label: t('users.currentLoginAt'), kind: 'time', nullable: true },
    { field: 'login_count', label: t('users.loginCount'), kind: 'number' },
    { field: 'locked_until', label: t('users.lockedUntil'), kind: 'time', nullable: true },
  ],
};

function Person({ user }: { user: User }) {
  return (
    <div className="min-w-0 md:min-w-60">
      <Link
        to="/users/$id"
        params={{ id: user.id }}
        className="font-medium text-ink underline-offset-2 hover:text-accent hover:underline"
      >
        <EmailText email={user.email} />
      </Link>
      {user.display_name && <p className="text-sm wrap-anywhere text-muted">{user.display_name}</p>}
      <p className="mt-1 md:hidden">
        <UserStatus user={user} />
      </p>
    </div>
  );
}

function Roles({ names }: { names: readonly string[] }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {names.map((name) => (
        <Chip key={name} width="narrow">
          {name}
        </Chip>
      ))}
    </span>
  );
}
