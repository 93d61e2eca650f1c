import { useState } from 'react';
import { useConfig } from '@/api/useConfig';
import { t } from '@/locales/text';
import { Skeleton } from '@/ui/Skeleton';
import { ClosingWords } from './ClosingWords';
import { mayRegister } from './mayRegister';
import { type Registration, RegistrationForm } from './RegistrationForm';

const resend = { to: '/resend-verification', label: t('auth.resendLink') };

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
      return (
        <ClosingWords title={t('auth.pendingTitle')} next={resend}>
          {t('auth.pending', { email })}
        </ClosingWords>
      );
    case 'check_email':
      return (
        <ClosingWords title={t('auth.checkEmailTitle')} next={resend}>
          {t('auth.checkEmail', { email })}
        </ClosingWords>
      );
    case 'registered':
      return <ClosingWords title={t('auth.registeredTitle')}>{t('auth.registered')}</ClosingWords>;
  }
}
