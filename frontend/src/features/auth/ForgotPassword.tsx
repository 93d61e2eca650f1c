import { t } from '@/locales/text';
import { AskForLink } from './AskForLink';
import { askForPasswordLink } from './linkApi';

export default function ForgotPassword() {
  return (
    <AskForLink
      title={t('auth.forgotTitle')}
      lead={t('auth.forgotLead')}
      submit={t('auth.sendLink')}
      ask={askForPasswordLink}
    />
  );
}
