import { t } from '@/locales/text';
import { ConfirmByLink } from './ConfirmByLink';
import { verifyEmail } from './linkApi';
import { SpentLink } from './SpentLink';

export default function VerifyEmail() {
  return (
    <ConfirmByLink
      title={t('auth.verifyTitle')}
      lead={t('auth.verifyLead')}
      submit={t('auth.verify')}
      doneTitle={t('auth.verifiedTitle')}
      done={t('auth.verified')}
      confirm={verifyEmail}
      spent={<SpentLink another="/resend-verification">{t('auth.spentVerify')}</SpentLink>}
    />
  );
}
