import { t } from '@/locales/text';
import { formatAgo, formatMoment } from '@/locales/time';

export function Moment({ time }: { time: string | null | undefined }) {
  if (!time) return <span className="text-muted">{t('value.never')}</span>;
  return (
    <time dateTime={time} title={formatMoment(time)} className="whitespace-nowrap">
      {formatAgo(time)}
    </time>
  );
}
