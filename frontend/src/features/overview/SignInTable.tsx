import { formatCount, t } from '@/locales/text';
import { formatDay } from '@/locales/time';
import type { SignInDay } from './signInDays';

/** The same numbers as the chart's, to be read one by one; the newest first. */
export function SignInTable({ days }: { days: readonly SignInDay[] }) {
  return (
    <details className="mt-4">
      <summary className="w-fit rounded text-sm font-medium text-accent-strong">
        {t('overview.table')}
      </summary>
      <section
        aria-label={t('overview.signIns')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="mt-3 max-h-80 overflow-y-auto"
      >
        <table className="w-full max-w-md text-left text-sm tabular-nums">
          <thead className="sticky top-0 bg-surface text-muted">
            <tr>
              <th className="py-1.5 pr-3 font-medium">{t('overview.day')}</th>
              <th className="py-1.5 pr-3 text-right font-medium">{t('overview.ok')}</th>
              <th className="py-1.5 text-right font-medium">{t('overview.refused')}</th>
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map(({ date, ok, refused }) => (
              <tr key={date} className="border-t border-line">
                <th scope="row" className="py-1.5 pr-3 font-normal">
                  <time dateTime={date}>{formatDay(date)}</time>
                </th>
                <td className="py-1.5 pr-3 text-right">{formatCount(ok)}</td>
                <td className="py-1.5 text-right">{formatCount(refused)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
