import { useNavigate } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useCan, useMe } from '@/access/useSession';
import type { Me, User } from '@/api/types';
import { type PlainKey, t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { Menu, menuItemLook } from '@/ui/Menu';
import { say } from '@/ui/toast';
import { ImpersonationDialog } from './ImpersonationDialog';
import { PasswordDialog } from './PasswordDialog';
import { userName } from './userName';
import { actOnUser, deleteUser, type UserAct } from './usersApi';
import { useUsersChanged } from './useUser';

type Act = UserAct | 'impersonate' | 'password' | 'delete';

const labels: Record<Act, PlainKey> = {
  approve: 'users.approve',
  activate: 'users.activate',
  deactivate: 'users.deactivate',
  unlock: 'users.unlock',
  'mail-link': 'users.mailLink',
  'reset-access': 'users.resetAccess',
  'remove-mfa': 'users.removeMfa',
  impersonate: 'impersonation.begin',
  password: 'users.setPassword',
  delete: 'action.delete',
};

const dangerous: ReadonlySet<Act> = new Set(['delete', 'deactivate', 'reset-access', 'remove-mfa']);

/** Whether one may be somebody else for a while: a person who could sign in, and not from within another's name. */
function mayImpersonate(user: User, me: Me, can: (permission: string) => boolean): boolean {
  const isAble = user.kind === 'person' && user.active && user.approved;
  return isAble && user.id !== me.id && !me.impersonator && can('users:impersonate');
}

/** Whether there is something to be mailed: to verify the address, or else to choose a password. */
function waitsForLink({ kind, active, approved, email_verified }: User): boolean {
  return kind === 'person' && active && (approved || !email_verified);
}

/** What makes sense for this user and is allowed to who is signed in. */
function actsFor(user: User, me: Me, can: (permission: string) => boolean): Act[] {
  const writing: (Act | false)[] = [
    !user.approved && 'approve',
    user.active ? 'deactivate' : 'activate',
    Boolean(user.locked_until) && 'unlock',
    waitsForLink(user) && 'mail-link',
    'reset-access',
    user.mfa_enabled && 'remove-mfa',
    user.kind !== 'service' && 'password',
  ];
  const acts = can('users:write') ? writing : [];
  const impersonating = mayImpersonate(user, me, can) && ('impersonate' as const);
  return [impersonating, ...acts, can('users:delete') && ('delete' as const)].filter((act) => act !== false);
}

export function UserActions({ user }: { user: User }) {
  const can = useCan();
  const [act, setAct] = useState<Act | null>(null);
  const acts = actsFor(user, useMe(), can);
  const close = () => setAct(null);
  if (acts.length === 0) return null;
  return (
    <>
      <Menu
        label={
          <>
            {t('users.actions')}
            <ChevronDown className="size-4" aria-hidden="true" />
          </>
        }
      >
        {(closeMenu) =>
          acts.map((one) => (
            <button
              key={one}
              type="button"
              className={`${menuItemLook} ${one === 'delete' ? 'text-danger' : ''}`}
              onClick={() => {
                closeMenu();
                setAct(one);
              }}
            >
              {t(labels[one])}
            </button>
          ))
        }
      </Menu>
      {act === 'password' && <PasswordDialog user={user} onClose={close} />}
      {act === 'impersonate' && <ImpersonationDialog user={user} onClose={close} />}
      {act && act !== 'password' && act !== 'impersonate' && (
        <ActDialog act={act} user={user} onClose={close} />
      )}
    </>
  );
}

function explanationOf(act: UserAct | 'delete', user: User): PlainKey {
  if (act === 'approve' && !user.email_verified) return 'users.explainApproveUnverified';
  if (act === 'mail-link' && !user.email_verified) return 'users.explainMailVerification';
  return `users.explain.${act}`;
}

interface ActDialogProperties {
  act: UserAct | 'delete';
  user: User;
  onClose: () => void;
}

function ActDialog({ act, user, onClose }: ActDialogProperties) {
  const navigate = useNavigate();
  const usersChanged = useUsersChanged();
  const name = userName(user);

  async function run() {
    if (act === 'delete') {
      await deleteUser(user.id);
      await navigate({ to: '/users' });
    } else {
      await actOnUser(act, user.id);
    }
    await usersChanged();
    say(t(`users.done.${act}`, { name }));
    onClose();
  }

  return (
    <ConfirmDialog
      title={t(`users.ask.${act}`, { name })}
      confirm={t(labels[act])}
      isDangerous={dangerous.has(act)}
      act={run}
      onClose={onClose}
    >
      <p className="text-muted">{t(explanationOf(act, user))}</p>
    </ConfirmDialog>
  );
}
