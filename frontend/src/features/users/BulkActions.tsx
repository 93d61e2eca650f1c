import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '@/access/useSession';
import { counted, type PlainKey, t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { Menu, menuItemLook } from '@/ui/Menu';
import { say } from '@/ui/toast';
import { RoleSelect } from './RoleSelect';
import { actOnUsers, type BulkAct } from './usersApi';

const labels: Record<BulkAct, PlainKey> = {
  activate: 'users.activate',
  deactivate: 'users.deactivate',
  approve: 'users.approve',
  add_role: 'users.addRole',
  remove_role: 'users.removeRole',
  delete: 'action.delete',
};

const acts = Object.keys(labels) as BulkAct[];

export function BulkActions({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const can = useCan();
  const [act, setAct] = useState<BulkAct | null>(null);
  const allowed = acts.filter((one) => can(one === 'delete' ? 'users:delete' : 'users:write'));
  return (
    <>
      <Menu size="small" align="start" label={t('users.actions')}>
        {(close) =>
          allowed.map((one) => (
            <button
              key={one}
              type="button"
              className={`${menuItemLook} ${one === 'delete' ? 'text-danger' : ''}`}
              onClick={() => {
                close();
                setAct(one);
              }}
            >
              {t(labels[one])}
            </button>
          ))
        }
      </Menu>
      {act && <BulkDialog act={act} ids={ids} onClose={() => setAct(null)} onDone={onDone} />}
    </>
  );
}

interface BulkDialogProperties {
  act: BulkAct;
  ids: string[];
  onClose: () => void;
  onDone: () => void;
}

function BulkDialog({ act, ids, onClose, onDone }: BulkDialogProperties) {
  const cache = useQueryClient();
  const [role, setRole] = useState('');
  const needsRole = act === 'add_role' || act === 'remove_role';

  async function run() {
    const { affected } = await actOnUsers(act, ids, needsRole ? role : undefined);
    await cache.invalidateQueries({ queryKey: ['users'] });
    say(counted('users.bulkDone', affected));
    onClose();
    onDone();
  }

  return (
    <ConfirmDialog
      title={counted('users.bulkAsk', ids.length, { action: t(labels[act]) })}
      confirm={t(labels[act])}
      isDangerous={act === 'delete' || act === 'deactivate'}
      act={run}
      onClose={onClose}
    >
      <p className="text-muted">{t('users.bulkExplain')}</p>
      {needsRole && <RoleSelect value={role} onChange={setRole} />}
    </ConfirmDialog>
  );
}
