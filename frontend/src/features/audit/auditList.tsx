import { ScrollText } from 'lucide-react';
import type { AuditEvent } from '@/api/types';
import { t } from '@/locales/text';
import { actorName } from '@/resource/detail/actorName';
import { OutcomeChip } from '@/resource/detail/OutcomeChip';
import type { ListDescriptor } from '@/resource/list/descriptor';
import { EmailText } from '@/ui/EmailText';
import { Moment } from '@/ui/Moment';
import { listEvents } from './auditApi';
import { EventDetails } from './EventDetails';

export const auditList: ListDescriptor<AuditEvent> = {
  name: 'audit',
  icon: ScrollText,
  title: t('audit.title'),
  empty: t('audit.empty'),
  searchHint: t('audit.searchHint'),
  keyOf: (event) => event.id,
  labelOf: (event) => event.action,
  fetchPage: listEvents,
  details: {
    label: (event) => t('audit.showDetails', { action: event.action }),
    render: (event) => <EventDetails event={event} />,
  },
  columns: [
    { id: 'action', label: t('audit.action'), render: (event) => <Act event={event} /> },
    { id: 'actor', label: t('audit.actor'), from: 'tablet', render: (event) => <Actor event={event} /> },
    {
      id: 'target',
      label: t('audit.target'),
      from: 'tablet',
      render: ({ target }) =>
        target && (
          <span className="inline-block min-w-44">
            <EmailText email={target.label ?? target.id ?? ''} />
          </span>
        ),
    },
    {
      id: 'outcome',
      label: t('audit.outcome'),
      from: 'tablet',
      render: (event) => <OutcomeChip outcome={event.outcome} />,
    },
    {
      id: 'at',
      label: t('audit.at'),
      sort: 'at',
      from: 'tablet',
      render: (event) => <Moment time={event.at} />,
    },
  ],
  filters: [
    { field: 'action', label: t('audit.action'), kind: 'text' },
    { field: 'actor', label: t('audit.actor'), kind: 'text' },
    { field: 'target_type', label: t('audit.targetType'), kind: 'text' },
    { field: 'target', label: t('audit.target'), kind: 'text' },
    {
      field: 'outcome',
      label: t('audit.outcome'),
      kind: 'choice',
      choices: [
        { value: 'ok', label: t('audit.ok') },
        { value: 'refused', label: t('audit.refused') },
      ],
    },
    { field: 'ip', label: t('audit.ip'), kind: 'text' },
    { field: 'at', label: t('audit.at'), kind: 'time' },
  ],
};

function Act({ event }: { event: AuditEvent }) {
  return (
    <div className="min-w-0">
      <code className="text-sm font-semibold wrap-anywhere md:whitespace-nowrap">{event.action}</code>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted md:hidden">
        <OutcomeChip outcome={event.outcome} />
        <Actor event={event} />
        <Moment time={event.at} />
      </p>
    </div>
  );
}

function Actor({ event }: { event: AuditEvent }) {
  return (
    <span className="md:inline-block md:min-w-44">
      <EmailText email={actorName(event)} />
    </span>
  );
}
