import { t } from '@/locales/text';
import { AskForLink } from './AskForLink';
import { askForVerification } from './linkApi';

export default function ResendVerification() {
  return (
    <AskForLink
      title={t('auth.resendTitle')}
      lead={t('auth.resendLead')}
      submit={t('auth.sendLink')}
      ask={askForVerification}
    />
  );
}
