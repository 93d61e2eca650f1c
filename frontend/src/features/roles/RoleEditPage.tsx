import { useNavigate, useParams } from '@tanstack/react-router';
import { t } from '@/locales/text';
import { changedFields, emptyAsNull } from '@/resource/form/changedFields';
import { ResourceForm } from '@/resource/form/ResourceForm';
import { useForEditing } from '@/resource/form/useForEditing';
import { PageProblem } from '@/resource/PageProblem';
import { Card } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { PageTitle } from '@/ui/PageTitle';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { type RoleValues, roleFields, valuesOf } from './roleForm';
import { type RoleChange, showRole, updateRole } from './rolesApi';
import { useRolesChanged } from './useRole';

function changeOf(initial: RoleValues, values: RoleValues): RoleChange {
  const { name, description, permissions } = changedFields(initial, values);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: emptyAsNull(description) }),
    ...(permissions && { permissions: [...permissions] }),
  };
}

export default function RoleEditPage() {
  const { id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useForEditing('roles', id, showRole);
  const navigate = useNavigate();
  const rolesChanged = useRolesChanged();

  if (error && !data) return <PageProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const { data: role, etag } = data;
  const initial = valuesOf(role);
  const show = () => navigate({ to: '/roles/$id', params: { id: role.id } });

  async function save(values: RoleValues) {
    const change = changeOf(initial, values);
    if (Object.keys(change).length > 0) {
      await updateRole(role.id, change, etag);
      await rolesChanged();
      say(t('resource.saved'));
    }
    await show();
  }

  return (
    <div className="grid max-w-3xl gap-6">
      <PageTitle title={t('roles.editTitle', { name: role.name })} />
      {role.protected ? (
        <Notice>{t('roles.protectedNote')}</Notice>
      ) : (
        <Card>
          <ResourceForm
            key={etag}
            fields={roleFields}
            initial={initial}
            submit={t('action.save')}
            onSubmit={save}
            onCancel={() => void show()}
            onReload={() => void refetch()}
          />
        </Card>
      )}
    </div>
  );
}
