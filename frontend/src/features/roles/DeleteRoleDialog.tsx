import { useNavigate } from '@tanstack/react-router';
import type { Role } from '@/api/types';
import { counted, t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { say } from '@/ui/toast';
import { deleteRole } from './rolesApi';
import { useRolesChanged } from './useRole';

export function DeleteRoleDialog({ role, onClose }: { role: Role; onClose: () => void }) {
  const navigate = useNavigate();
  const rolesChanged = useRolesChanged();

  async function run() {
    await deleteRole(role.id);
    await navigate({ to: '/roles' });
    await rolesChanged();
    say(t('roles.deleted', { name: role.name }));
  }

  return (
    <ConfirmDialog
      title={t('roles.askDelete', { name: role.name })}
      confirm={t('action.delete')}
      isDangerous
      act={run}
      onClose={onClose}
    >
      <p className="text-muted">{counted('roles.explainDelete', role.user_count)}</p>
    </ConfirmDialog>
  );
}
