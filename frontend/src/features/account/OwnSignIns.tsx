import { useInfiniteQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema.gen';
import { type PlainKey, t } from '@/locales/text';
import { deviceName } from '@/resource/detail/deviceName';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Chip } from '@/ui/Chip';
import { Moment } from '@/ui/Moment';
import { Skeleton } from '@/ui/Skeleton';
import { listOwnSignIns } from './accountApi';

type SignInAttempt = components['schemas']['SignInAttempt'];

const reasons: Record<string, PlainKey> = {
  unknown: 'account.reason.unknown',
  wrong_password: 'account.reason.wrong_password',
  wrong_code: 'account.reason.wrong_code',
  wrong_passkey: 'account.reason.wrong_passkey',
  too_many_attempts: 'account.reason.too_many_attempts',
  not_a_person: 'account.reason.not_a_person',
  inactive: 'account.reason.inactive',
  unapproved: 'account.reason.unapproved',
  unverified: 'account.reason.unverified',
  second_factor_unavailable: 'account.reason.second_factor_unavailable',
};

/** Who signed in to one's account, or tried to. */
export function OwnSignIns() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['account', 'sign-ins'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => listOwnSignIns(pageParam, signal),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  return (
    <Card title={t('account.signIns')} lead={t('account.signInsLead')}>
      {!data && <Skeleton />}
      <ol className="divide-y divide-line">
        {data?.pages
          .flatMap(({ items }) => items)
          .map((attempt) => (
            <Attempt key={attempt.id} attempt={attempt} />
          ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-4" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('resource.more')}
        </Button>
      )}
    </Card>
  );
}

function Attempt({ attempt }: { attempt: SignInAttempt }) {
  const isRefused = attempt.outcome !== 'ok';
  const reason = reasons[attempt.reason ?? ''] ?? 'account.reason.other';
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">
            {deviceName(attempt.user_agent) ?? t('account.unknownDevice')}
          </span>
          <Chip tone={isRefused ? 'danger' : 'good'}>
            {t(isRefused ? 'account.signInRefused' : 'account.signedIn')}
          </Chip>
          {isRefused && <span className="text-sm text-muted">{t(reason)}</span>}
        </p>
        <p className="text-sm text-muted">{attempt.ip}</p>
      </div>
      <span className="text-sm text-muted">
        <Moment time={attempt.at} />
      </span>
    </li>
  );
}
