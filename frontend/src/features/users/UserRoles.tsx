import { X } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '@/access/useSession';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { say } from '@/ui/toast';
import { RoleSelect } from './RoleSelect';
import { userName } from './userName';
import { addRole, removeRole } from './usersApi';
import { useUsersChanged } from './useUser';

export function UserRoles({ user }: { user: User }) {
  const mayWrite = useCan()('users:write');
  const usersChanged = useUsersChanged();
  const [chosen, setChosen] = useState('');

  async function done() {
    await usersChanged();
    say(t('users.done.roles', { name: userName(user) }));
  }

  const adding = useSubmission(async () => {
    await addRole(user.id, chosen);
    setChosen('');
    await done();
  });
  const removing = useSubmission(async (data) => {
    await removeRole(user.id, String(data.get('role')));
    await done();
  });

  return (
    <Card title={t('users.roles')}>
      <ErrorSummary problem={adding.problem ?? removing.problem} labels={{}} />
      {user.roles.length === 0 && <p className="text-muted">{t('users.noRoles')}</p>}
      <ul className="divide-y divide-line">
        {user.roles.map((role) => (
          <li key={role} className="flex min-h-12 items-center justify-between gap-2 py-1">
            <span className="font-medium wrap-anywhere">{role}</span>
            {mayWrite && (
              <form onSubmit={removing.form.onSubmit}>
                <input type="hidden" name="role" value={role} />
                <Button
                  type="submit"
                  variant="quiet"
                  size="icon"
                  busy={removing.isBusy}
                  aria-label={t('users.removeRoleOf', { role })}
                >
                  <X className="size-4" aria-hidden="true" />
                </Button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <form {...adding.form} className="mt-4 flex items-start gap-2">
          <div className="min-w-0 grow">
            <RoleSelect value={chosen} onChange={setChosen} without={user.roles} />
          </div>
          <Button type="submit" busy={adding.isBusy} className="mt-6.5">
            {t('users.addRole')}
          </Button>
        </form>
      )}
    </Card>
  );
}
