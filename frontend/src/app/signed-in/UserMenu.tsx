import { Link } from '@tanstack/react-router';
import { ChevronsUpDown, CircleUserRound, LogOut } from 'lucide-react';
import { signOut } from '@/access/session';
import { useMe } from '@/access/useSession';
import { t } from '@/locales/text';
import { go } from '@/ui/location';
import { Menu, menuItemLook } from '@/ui/Menu';
import { ThemeChoice } from './ThemeChoice';

interface Properties {
  direction: 'up' | 'down';
  onNavigate?: () => void;
}

export function UserMenu({ direction, onNavigate }: Properties) {
  const me = useMe();
  const name = me.display_name || me.username || me.email;
  return (
    <Menu
      name={t('navigation.userMenu', { name })}
      align="start"
      direction={direction}
      className="flex w-full items-center gap-3 rounded-lg p-2 text-left hover:bg-sunken"
      label={
        <>
          <span className="grid size-9 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent-strong uppercase">
            {name.slice(0, 1)}
          </span>
          <span className="min-w-0 grow">
            <span className="block truncate font-medium">{name}</span>
            {name !== me.email && <span className="block truncate text-xs text-muted">{me.email}</span>}
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-muted" aria-hidden="true" />
        </>
      }
    >
      {(close) => (
        <div className="grid w-56 gap-1">
          <Link
            to="/account"
            className={menuItemLook}
            onClick={() => {
              close();
              onNavigate?.();
            }}
          >
            <CircleUserRound className="size-4.5" aria-hidden="true" />
            {t('navigation.account')}
          </Link>
          <ThemeChoice />
          {/* Who acts in somebody's name has a way back instead: signing out would be of whom? */}
          {!me.impersonator && (
            <button
              type="button"
              className={menuItemLook}
              onClick={() => void signOut().then(() => go('/sign-in', 'replace'))}
            >
              <LogOut className="size-4.5" aria-hidden="true" />
              {t('navigation.signOut')}
            </button>
          )}
        </div>
      )}
    </Menu>
  );
}
