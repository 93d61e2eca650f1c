import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { Facts } from '@/resource/detail/Facts';
import { Card } from '@/ui/Card';
import { Moment } from '@/ui/Moment';
import { isLocked } from './isLocked';
import { UserRoles } from './UserRoles';

const yesOrNo = (value: boolean) => t(value ? 'value.yes' : 'value.no');
const orNone = (value: string | null | undefined) =>
  value || <span className="text-muted">{t('value.none')}</span>;

export function UserProfile({ user }: { user: User }) {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
      <Card>
        <Facts
          facts={[
            { label: t('users.displayName'), value: orNone(user.display_name) },
            { label: t('users.username'), value: orNone(user.username) },
            { label: t('users.kind'), value: t(user.kind === 'service' ? 'users.service' : 'users.person') },
            { label: t('users.locale'), value: orNone(user.locale) },
            { label: t('users.emailVerified'), value: yesOrNo(user.email_verified) },
            { label: t('users.mfa'), value: t(user.mfa_enabled ? 'users.mfaSetUp' : 'users.mfaNone') },
            {
              label: t('users.currentLoginAt'),
              value: <SignIn time={user.current_login_at} address={user.current_login_ip} />,
            },
            {
              label: t('users.lastLoginAt'),
              value: <SignIn time={user.last_login_at} address={user.last_login_ip} />,
            },
            { label: t('users.loginCount'), value: user.login_count },
            ...(isLocked(user)
              ? [{ label: t('users.lockedUntil'), value: <Moment time={user.locked_until} /> }]
              : []),
            { label: t('users.createdAt'), value: <Moment time={user.created_at} /> },
            { label: t('users.updatedAt'), value: <Moment time={user.updated_at} /> },
          ]}
        />
      </Card>
      <UserRoles user={user} />
    </div>
  );
}

function SignIn({ time, address }: { time: string | null | undefined; address: string | null | undefined }) {
  return (
    <>
      <Moment time={time} />
      {address && <span className="text-muted"> · {address}</span>}
    </>
  );
}
