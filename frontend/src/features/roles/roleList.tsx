import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import type { Role } from '@/api/types';
import { counted, formatCount, t } from '@/locales/text';
import type { ListDescriptor } from '@/resource/list/descriptor';
import { Chip } from '@/ui/Chip';
import { Moment } from '@/ui/Moment';
import { listRoles } from './rolesApi';

export const roleList: ListDescriptor<Role> = {
  name: 'roles',
  icon: KeyRound,
  title: t('roles.title'),
  empty: t('roles.empty'),
  searchHint: t('roles.searchHint'),
  keyOf: (role) => role.id,
  labelOf: (role) => role.name,
  fetchPage: listRoles,
  columns: [
    { id: 'name', label: t('roles.name'), sort: 'name', render: (role) => <RoleName role={role} /> },
    {
      id: 'permissions',
      label: t('roles.permissions'),
      from: 'tablet',
      render: ({ permissions }) => (
        <span className="whitespace-nowrap">
          {permissions.includes('*')
            ? t('roles.everything')
            : counted('roles.permissionCount', permissions.length)}
        </span>
      ),
    },
    {
      id: 'users',
      label: t('roles.users'),
      sort: 'user_count',
      render: (role) => formatCount(role.user_count),
    },
    {
      id: 'updated',
      label: t('roles.updatedAt'),
      sort: 'updated_at',
      from: 'tablet',
      render: (role) => <Moment time={role.updated_at} />,
    },
  ],
  filters: [
    { field: 'name', label: t('roles.name'), kind: 'text' },
    { field: 'description', label: t('roles.description'), kind: 'text' },
    { field: 'permissions', label: t('roles.permissions'), kind: 'text' },
    { field: 'mfa_required', label: t('roles.mfa'), kind: 'boolean' },
    { field: 'protected', label: t('roles.protected'), kind: 'boolean' },
    { field: 'created_at', label: t('roles.createdAt'), kind: 'time' },
  ],
};

function RoleName({ role }: { role: Role }) {
  return (
    <div className="min-w-0 md:min-w-56">
      <span className="flex flex-wrap items-center gap-2">
        <Link
          to="/roles/$id"
          params={{ id: role.id }}
          className="font-medium wrap-anywhere text-ink underline-offset-2 hover:text-accent hover:underline"
        >
          {role.name}
        </Link>
        {role.protected && <Chip>{t('roles.protected')}</Chip>}
      </span>
      {role.description && <p className="text-sm wrap-anywhere text-muted">{role.description}</p>}
    </div>
  );
}
