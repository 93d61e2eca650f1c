import type { AuditEvent } from '@/api/types';
import { t } from '@/locales/text';
import { formatMoment } from '@/locales/time';
import { actorName } from '@/resource/detail/actorName';
import { Changes } from '@/resource/detail/Changes';
import { Facts } from '@/resource/detail/Facts';

/** All that was recorded of an act. */
export function EventDetails({ event }: { event: AuditEvent }) {
  const facts = [
    { label: t('audit.at'), value: formatMoment(event.at) },
    { label: t('audit.actor'), value: actorName(event) },
    { label: t('audit.impersonator'), value: event.impersonator?.email },
    {
      label: t('audit.target'),
      value: event.target && `${event.target.type} ${event.target.label ?? ''} ${event.target.id ?? ''}`,
    },
    { label: t('audit.ip'), value: event.ip },
    { label: t('audit.userAgent'), value: event.user_agent },
    { label: t('audit.requestId'), value: event.request_id },
    { label: t('audit.session'), value: event.session },
    { label: t('audit.position'), value: event.position?.toString() ?? t('audit.notLinked') },
    { label: t('audit.hash'), value: event.hash && <span className="wrap-anywhere">{event.hash}</span> },
    {
      label: t('audit.prevHash'),
      value: event.prev_hash && <span className="wrap-anywhere">{event.prev_hash}</span>,
    },
  ];
  return (
    <div className="grid items-start gap-6 py-2 lg:grid-cols-2">
      <Facts facts={facts.filter(({ value }) => Boolean(value))} />
      <Changes changes={event.changes} />
    </div>
  );
}
