import { t } from '@/locales/text';
import { ConfirmByLink } from './ConfirmByLink';
import { confirmEmail } from './linkApi';

export default function ConfirmEmail() {
  return (
    <ConfirmByLink
      title={t('auth.confirmEmailTitle')}
      lead={t('auth.confirmEmailLead')}
      submit={t('auth.confirmEmail')}
      doneTitle={t('auth.emailChangedTitle')}
      done={t('auth.emailChanged')}
      confirm={confirmEmail}
    />
  );
}
