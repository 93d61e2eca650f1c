import { Link } from '@tanstack/react-router';
import { useCan } from '@/access/useSession';
import { t } from '@/locales/text';
import { destinations } from './navigation';

const look =
  'flex h-10 touch:h-11 items-center gap-3 rounded-lg px-3 font-medium text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent-strong';

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const can = useCan();
  return (
    <nav aria-label={t('navigation.main')}>
      <ul className="grid gap-1">
        {destinations
          .filter(({ permission }) => !permission || can(permission))
          .map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                onClick={onNavigate}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                className={look}
              >
                <Icon className="size-5 shrink-0" aria-hidden="true" />
                {t(label)}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}
