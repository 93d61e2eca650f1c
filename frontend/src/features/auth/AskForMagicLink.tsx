import { t } from '@/locales/text';
import { AskForLink } from './AskForLink';
import { askForMagicLink } from './linkApi';

export default function AskForMagicLink() {
  return (
    <AskForLink
      title={t('auth.magicLinkTitle')}
      lead={t('auth.magicLinkLead')}
      submit={t('auth.sendLink')}
      ask={askForMagicLink}
    />
  );
}
