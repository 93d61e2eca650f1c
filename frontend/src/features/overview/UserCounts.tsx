import { Link } from '@tanstack/react-router';
import { CircleCheck, Hourglass, Lock, type LucideIcon, Users } from 'lucide-react';
import { formatCount, type PlainKey, t } from '@/locales/text';
import type { Overview } from './signInDays';

type Counts = Overview['users'];

interface CountCard {
  count: keyof Counts;
  label: PlainKey;
  icon: LucideIcon;
  /** The users who are counted. */
  filter: () => string[];
}

const cards: readonly CountCard[] = [
  { count: 'total', label: 'overview.total', icon: Users, filter: () => [] },
  { count: 'active', label: 'overview.active', icon: CircleCheck, filter: () => ['active:eq:true'] },
  { count: 'pending', label: 'overview.pending', icon: Hourglass, filter: () => ['approved:eq:false'] },
  { count: 'locked', label: 'overview.locked', icon: Lock, filter: lockedNow },
];

/** Locks run out by themselves: those are meant that hold at this moment. */
export function lockedNow(): string[] {
  return [`locked_until:gt:${new Date().toISOString()}`];
}

/** How many users there are, each count leading to those who are counted. */
export function UserCounts({ counts }: { counts: Counts }) {
  return (
    <section aria-label={t('overview.users')}>
      <ul className="grid grid-cols-2 gap-3 lg:grid-cols-4 lg:gap-5">
        {cards.map(({ count, label, icon: Icon, filter }) => {
          const filters = filter();
          return (
            <li key={count}>
              <Link
                to="/users"
                search={filters.length > 0 ? { filter: filters } : {}}
                className="grid h-full grid-cols-[1fr_auto] gap-x-2 rounded-2xl border border-line bg-surface p-4 transition-colors hover:border-accent sm:p-5"
              >
                <span className="text-sm text-muted">{t(label)}</span>
                <Icon className="size-5 text-muted" aria-hidden="true" />
                <span className="col-span-2 self-end text-3xl font-semibold tracking-tight tabular-nums">
                  {formatCount(counts[count])}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
