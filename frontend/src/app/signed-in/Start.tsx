import { Link } from '@tanstack/react-router';
import { CircleUserRound } from 'lucide-react';
import { useCan, useMe } from '@/access/useSession';
import { Overview } from '@/features/overview/Overview';
import { t } from '@/locales/text';
import { PageTitle } from '@/ui/PageTitle';
import { destinations } from './navigation';

const look =
  'grid h-full grid-cols-[auto_1fr] grid-rows-[auto_1fr] gap-x-4 gap-y-1 rounded-2xl border border-line bg-surface p-5 transition-colors hover:border-accent';
const iconLook = 'row-span-2 grid size-11 place-items-center rounded-xl bg-accent-soft text-accent-strong';

/** How things stand, for those who look after people; for all others, where they can go. */
export default function Start() {
  const me = useMe();
  const can = useCan();
  const title = t('start.title', { name: me.display_name || me.username || me.email });
  if (can('users:read')) {
    return (
      <div className="grid gap-6">
        <PageTitle title={title} lead={t('start.overview')} />
        <Overview />
      </div>
    );
  }
  const open = destinations.filter(({ permission }) => permission && can(permission));
  return (
    <>
      <PageTitle title={title} lead={t(open.length > 0 ? 'start.lead' : 'start.nothing')} />
      <ul className="mt-8 grid gap-4 sm:grid-cols-2">
        {open.map(({ to, label, about, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className={look}>
              <span className={iconLook}>
                <Icon className="size-5.5" aria-hidden="true" />
              </span>
              <span className="font-semibold">{t(label)}</span>
              {about && <span className="text-sm text-muted">{t(about)}</span>}
            </Link>
          </li>
        ))}
        <li>
          <Link to="/account" className={look}>
            <span className={iconLook}>
              <CircleUserRound className="size-5.5" aria-hidden="true" />
            </span>
            <span className="font-semibold">{t('navigation.account')}</span>
            <span className="text-sm text-muted">{t('start.account')}</span>
          </Link>
        </li>
      </ul>
    </>
  );
}
