import { useNavigate } from '@tanstack/react-router';
import { t } from '@/locales/text';
import { ResourceForm } from '@/resource/form/ResourceForm';
import { Card } from '@/ui/Card';
import { PageTitle } from '@/ui/PageTitle';
import { say } from '@/ui/toast';
import { emptyRole, type RoleValues, roleFields } from './roleForm';
import { createRole } from './rolesApi';
import { useRolesChanged } from './useRole';

export default function RoleCreatePage() {
  const navigate = useNavigate();
  const rolesChanged = useRolesChanged();

  async function create({ name, description, mfa_required, permissions }: RoleValues) {
    const role = await createRole({
      name: name.trim(),
      permissions: [...permissions],
      mfa_required,
      ...(description && { description }),
    });
    await rolesChanged();
    say(t('roles.created', { name: role.name }));
    await navigate({ to: '/roles/$id', params: { id: role.id } });
  }

  return (
    <div className="grid max-w-3xl gap-6">
      <PageTitle title={t('roles.createTitle')} />
      <Card>
        <ResourceForm
          fields={roleFields}
          initial={emptyRole}
          submit={t('action.create')}
          onSubmit={create}
          onCancel={() => void navigate({ to: '/roles' })}
        />
      </Card>
    </div>
  );
}
