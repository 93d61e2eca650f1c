import { useState } from 'react';
import { useConfig } from '@/api/useConfig';
import { t } from '@/locales/text';
import { PublicLink } from '@/ui/PublicLink';
import { Skeleton } from '@/ui/Skeleton';
import { ClosingWords } from './ClosingWords';
import { mayRegister } from './mayRegister';
import { type Registration, RegistrationForm } from './RegistrationForm';

export default function Register() {
  const config = useConfig();
  const [registration, setRegistration] = useState<Registration | null>(null);

  if (registration) return <Registered {...registration} />;
  if (!config) return <Skeleton />;
  if (!mayRegister(config)) {
    return <ClosingWords title={t('auth.closedTitle')}>{t('auth.closed')}</ClosingWords>;
  }
  return (
    <RegistrationForm
      needsApproval={config.registration.mode === 'approval'}
      onRegistered={setRegistration}
    />
  );
}

function Registered({ status, email }: Registration) {
  switch (status) {
    case 'pending_approval':
      return <ClosingWords title={t('auth.pendingTitle')}>{t('auth.pending')}</ClosingWords>;
    case 'check_email':
      return (
        <ClosingWords title={t('auth.checkEmailTitle')}>
          {t('auth.checkEmail', { email })}{' '}
          <PublicLink to="/resend-verification">{t('auth.resendLink')}</PublicLink>
        </ClosingWords>
      );
    case 'registered':
      return <ClosingWords title={t('auth.registeredTitle')}>{t('auth.registered')}</ClosingWords>;
  }
}
