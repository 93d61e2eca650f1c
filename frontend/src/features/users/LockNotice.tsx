import { useState } from 'react';
import { useCan } from '@/access/useSession';
import { asProblem } from '@/api/problem';
import type { User } from '@/api/types';
import { problemText, t } from '@/locales/text';
import { formatMoment } from '@/locales/time';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { say } from '@/ui/toast';
import { isLocked } from './isLocked';
import { userName } from './userName';
import { actOnUser } from './usersApi';
import { useUsersChanged } from './useUser';

/** That a user can't sign in for a while, until when, and the way out of it. */
export function LockNotice({ user }: { user: User }) {
  const mayWrite = useCan()('users:write');
  const usersChanged = useUsersChanged();
  const [isBusy, setBusy] = useState(false);
  if (!user.locked_until || !isLocked(user)) return null;

  async function unlock() {
    setBusy(true);
    try {
      await actOnUser('unlock', user.id);
      await usersChanged();
      say(t('users.done.unlock', { name: userName(user) }));
    } catch (failure) {
      say(problemText(asProblem(failure)), 'danger');
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="mt-5">
      <Notice tone="warning" title={t('users.lockedTitle')}>
        <p className="mb-3">{t('users.lockedExplained', { until: formatMoment(user.locked_until) })}</p>
        {mayWrite && (
          <Button size="small" busy={isBusy} onClick={() => void unlock()}>
            {t('users.unlockNow')}
          </Button>
        )}
      </Notice>
    </div>
  );
}
