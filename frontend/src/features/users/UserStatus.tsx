import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { Chip } from '@/ui/Chip';
import { isLocked } from './isLocked';

/** What an administrator must know at a glance: may this user sign in, and if not, why. */
export function UserStatus({ user }: { user: User }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {!user.approved && <Chip tone="warning">{t('users.statusPending')}</Chip>}
      {!user.active && <Chip>{t('users.statusInactive')}</Chip>}
      {isLocked(user) && <Chip tone="danger">{t('users.statusLocked')}</Chip>}
      {!user.email_verified && <Chip tone="warning">{t('users.statusUnverified')}</Chip>}
      {user.active && user.approved && !isLocked(user) && user.email_verified && (
        <Chip tone="good">{t('users.statusActive')}</Chip>
      )}
    </span>
  );
}
