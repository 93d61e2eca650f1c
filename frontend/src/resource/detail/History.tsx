import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { answer, api } from '@/api/client';
import type { AuditEvent } from '@/api/types';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Moment } from '@/ui/Moment';
import { Skeleton } from '@/ui/Skeleton';
import { SectionProblem } from '../SectionProblem';
import { actorName } from './actorName';
import { Changes } from './Changes';
import { deviceName } from './deviceName';
import { OutcomeChip } from './OutcomeChip';

/** The audit events of one target, newest first. */
export function History({ target }: { target: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', 'history', target],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(
        api.GET('/api/v1/audit', {
          params: { query: { filter: [`target:eq:${target}`], limit: 25, ...(cursor && { cursor }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const events = data.pages.flatMap(({ items }) => items);
  if (events.length === 0) {
    return (
      <EmptyState
        icon={<ScrollText className="size-6" aria-hidden="true" />}
        title={t('resource.emptyTitle')}
      >
        <p>{t('audit.empty')}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <ol className="grid gap-3">
        {events.map((event) => (
          <HistoryEvent key={event.id} event={event} />
        ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-4" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('resource.more')}
        </Button>
      )}
    </>
  );
}

function HistoryEvent({ event }: { event: AuditEvent }) {
  return (
    <li className="rounded-2xl border border-line bg-surface">
      <details>
        <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-2xl px-4 py-3">
          <code className="font-semibold">{event.action}</code>
          <OutcomeChip outcome={event.outcome} />
          <span className="min-w-0 grow truncate text-sm text-muted">{actorName(event)}</span>
          <span className="text-sm text-muted">
            <Moment time={event.at} />
          </span>
        </summary>
        <div className="border-t border-line px-4 py-3">
          {event.ip && (
            <p className="mb-3 text-sm wrap-anywhere text-muted">
              {event.ip} · {deviceName(event.user_agent) ?? t('account.unknownDevice')}
            </p>
          )}
          <Changes changes={event.changes} />
        </div>
      </details>
    </li>
  );
}
