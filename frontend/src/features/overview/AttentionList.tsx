import { Link } from '@tanstack/react-router';
import { Hourglass, Lock, type LucideIcon, MailX } from 'lucide-react';
import type { ReactNode } from 'react';
import { counted, t } from '@/locales/text';
import { Card } from '@/ui/Card';
import type { Overview } from './signInDays';
import { lockedNow } from './UserCounts';

type Attention = Overview['attention'][number];

const icons: Record<Attention['kind'], LucideIcon> = {
  approvals_pending: Hourglass,
  accounts_locked: Lock,
  mail_delayed: MailX,
  mail_failed: MailX,
};

const linkLook = 'font-medium text-accent-strong underline underline-offset-2';

function MailRemedy() {
  return (
    <span className="text-muted">
      {t('overview.mailBefore')} <code className="text-ink">reeve mail list</code> {t('overview.mailAfter')}
    </span>
  );
}

/** What to do about it: where it is done, or what to run. */
const remedies: Record<Attention['kind'], () => ReactNode> = {
  approvals_pending: () => (
    <Link to="/users" search={{ filter: ['approved:eq:false'] }} className={linkLook}>
      {t('overview.showApprovals')}
    </Link>
  ),
  accounts_locked: () => (
    <Link to="/users" search={{ filter: lockedNow() }} className={linkLook}>
      {t('overview.showLocked')}
    </Link>
  ),
  mail_delayed: MailRemedy,
  mail_failed: MailRemedy,
};

/** What somebody should look after. */
export function AttentionList({ attention }: { attention: readonly Attention[] }) {
  return (
    <Card title={t('overview.attention')}>
      {attention.length === 0 && <p className="text-muted">{t('overview.nothing')}</p>}
      <ul className="divide-y divide-line">
        {attention.map(({ kind, count }) => {
          const Icon = icons[kind];
          return (
            <li key={kind} className="flex items-start gap-3 py-3 first:pt-0 last:pb-0">
              <Icon className="mt-0.5 size-5 shrink-0 text-warning" aria-hidden="true" />
              <p className="flex min-w-0 flex-wrap gap-x-3 gap-y-1">
                <span>{counted(`overview.${kind}`, count)}</span>
                {remedies[kind]()}
              </p>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
