import { Link } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '@/access/useSession';
import type { Role } from '@/api/types';
import { t } from '@/locales/text';
import { History } from '@/resource/detail/History';
import { Tabs } from '@/resource/detail/Tabs';
import { isWithdrawn } from '@/resource/isWithdrawn';
import { PageProblem } from '@/resource/PageProblem';
import { Button } from '@/ui/Button';
import { buttonLook } from '@/ui/buttonLook';
import { Chip } from '@/ui/Chip';
import { Notice } from '@/ui/Notice';
import { PageTitle } from '@/ui/PageTitle';
import { Skeleton } from '@/ui/Skeleton';
import { DeleteRoleDialog } from './DeleteRoleDialog';
import { RolePermissions } from './RolePermissions';
import { RoleUsers } from './RoleUsers';
import { useRole } from './useRole';

export default function RolePage() {
  const { data, error, refetch } = useRole();
  const can = useCan();
  const [isDeleting, setDeleting] = useState(false);
  if (error && (!data || isWithdrawn(error)))
    return <PageProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;

  const role = data.data;
  const tabs = [
    { name: 'permissions', label: t('roles.tabPermissions'), render: () => <RolePermissions role={role} /> },
    { name: 'users', label: t('roles.tabUsers'), render: () => <RoleUsers id={role.id} /> },
    { name: 'history', label: t('resource.history'), render: () => <History target={role.id} /> },
  ];
  const isOpen = (tab: string) =>
    tab === 'users' ? can('users:read') : tab === 'history' ? can('audit:read') : true;
  return (
    <>
      <PageTitle key={role.id} title={role.name} lead={<RoleLead role={role} />}>
        {can('roles:write') && !role.protected && (
          <Link to="/roles/$id/edit" params={{ id: role.id }} className={buttonLook({})}>
            <Pencil className="size-4" aria-hidden="true" />
            {t('action.edit')}
          </Link>
        )}
        {can('roles:delete') && !role.protected && (
          <Button icon={<Trash2 className="size-4" aria-hidden="true" />} onClick={() => setDeleting(true)}>
            {t('action.delete')}
          </Button>
        )}
      </PageTitle>
      {role.protected && (
        <div className="mt-5">
          <Notice>{t('roles.protectedNote')}</Notice>
        </div>
      )}
      <Tabs tabs={tabs.filter(({ name }) => isOpen(name))} />
      {isDeleting && <DeleteRoleDialog role={role} onClose={() => setDeleting(false)} />}
    </>
  );
}

function RoleLead({ role }: { role: Role }) {
  return (
    <>
      {role.description}
      {role.mfa_required && (
        <span className="mt-2 block">
          <Chip>{t('roles.mfaRequired')}</Chip>
        </span>
      )}
    </>
  );
}
