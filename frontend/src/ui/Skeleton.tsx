import { t } from '@/locales/text';

const widths = ['w-3/5', 'w-4/5', 'w-2/5', 'w-3/4', 'w-1/2'];

export function Skeleton({ lines = 5 }: { lines?: number }) {
  return (
    <div role="status" className="grid gap-3 py-2">
      <span className="sr-only">{t('page.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity but their place
          key={line}
          className={`h-4 animate-pulse rounded bg-sunken ${widths[line % widths.length]}`}
        />
      ))}
    </div>
  );
}
