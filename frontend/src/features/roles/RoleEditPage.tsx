import { useNavigate } from '@tanstack/react-router';
import { t } from '@/locales/text';
import { emptyAsNull } from '@/resource/form/changedFields';
import { EditPage } from '@/resource/form/EditPage';
import { type RoleValues, roleFields, valuesOf } from './roleForm';
import { type RoleChange, showRole, updateRole } from './rolesApi';
import { useRolesChanged } from './useRole';

function changeOf({ name, description, mfa_required, permissions }: Partial<RoleValues>): RoleChange {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: emptyAsNull(description) }),
    ...(mfa_required !== undefined && { mfa_required }),
    ...(permissions && { permissions: [...permissions] }),
  };
}

export default function RoleEditPage() {
  const navigate = useNavigate();
  const rolesChanged = useRolesChanged();
  return (
    <EditPage
      name="roles"
      fetch={showRole}
      title={({ name }) => t('roles.editTitle', { name })}
      fields={roleFields}
      valuesOf={valuesOf}
      save={async (id, changed, etag) => {
        await updateRole(id, changeOf(changed), etag);
        await rolesChanged();
      }}
      leave={(id) => navigate({ to: '/roles/$id', params: { id } })}
      refusal={(role) => (role.protected ? t('roles.protectedNote') : null)}
    />
  );
}
