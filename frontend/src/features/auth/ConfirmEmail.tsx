import { refreshMe } from '@/access/session';
import { t } from '@/locales/text';
import { ConfirmByLink } from './ConfirmByLink';
import { confirmEmail } from './linkApi';
import { SpentLink } from './SpentLink';

export default function ConfirmEmail() {
  return (
    <ConfirmByLink
      title={t('auth.confirmEmailTitle')}
      lead={t('auth.confirmEmailLead')}
      submit={t('auth.confirmEmail')}
      doneTitle={t('auth.emailChangedTitle')}
      done={t('auth.emailChanged')}
      confirm={async (token) => {
        await confirmEmail(token);
        // Whoever is signed in here meets the new address there, too.
        refreshMe();
      }}
      spent={<SpentLink>{t('auth.spentEmailChange')}</SpentLink>}
    />
  );
}
