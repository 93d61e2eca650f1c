import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '@/access/useSession';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { Sessions } from '@/resource/detail/Sessions';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { userName } from './userName';
import { listSessions, revokeSessions } from './usersApi';
import { useUsersChanged } from './useUser';

export function UserSessions({ user }: { user: User }) {
  const mayWrite = useCan()('users:write');
  const usersChanged = useUsersChanged();
  const [isAsking, setAsking] = useState(false);
  const name = userName(user);
  const { data, error, refetch } = useQuery({
    queryKey: ['users', 'sessions', user.id],
    queryFn: () => listSessions(user.id),
  });

  async function revoke() {
    await revokeSessions(user.id);
    await usersChanged();
    say(t('users.done.sessions', { name }));
    setAsking(false);
  }

  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const isSignedIn = data.items.length > 0;
  return (
    <Card
      title={t('users.tabSessions')}
      actions={
        mayWrite && isSignedIn && <Button onClick={() => setAsking(true)}>{t('users.revokeSessions')}</Button>
      }
    >
      {isSignedIn ? (
        <Sessions sessions={data.items} />
      ) : (
        <p className="text-muted">{t('users.noSessions')}</p>
      )}
      {isAsking && (
        <ConfirmDialog
          title={t('users.ask.sessions', { name })}
          confirm={t('users.revokeSessions')}
          isDangerous
          act={revoke}
          onClose={() => setAsking(false)}
        >
          <p className="text-muted">{t('users.explain.sessions')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
