import { useQuery, useQueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/problem';
import { problemText, t } from '@/locales/text';
import { Sessions } from '@/resource/detail/Sessions';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { endOtherSessions, endSession, listOwnSessions } from './accountApi';

const queryKey = ['account', 'sessions'];

export function OwnSessions() {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: listOwnSessions });

  async function end(act: () => Promise<unknown>, done: string) {
    try {
      await act();
      await cache.invalidateQueries({ queryKey });
      say(done);
    } catch (failure) {
      say(problemText(asProblem(failure)), 'danger');
    }
  }

  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  const sessions = data?.items ?? [];
  return (
    <Card
      title={t('account.sessions')}
      lead={t('account.sessionsLead')}
      actions={
        sessions.length > 1 && (
          <Button onClick={() => void end(endOtherSessions, t('account.endedOthers'))}>
            {t('account.endOthers')}
          </Button>
        )
      }
    >
      {data ? (
        <Sessions
          sessions={sessions}
          actions={(session, device) =>
            !session.current && (
              <Button
                size="small"
                aria-label={t('account.endSessionOf', { device })}
                onClick={() => void end(() => endSession(session.id), t('account.ended'))}
              >
                {t('account.endSession')}
              </Button>
            )
          }
        />
      ) : (
        <Skeleton />
      )}
    </Card>
  );
}
