import { useMe } from '@/access/useSession';
import { t } from '@/locales/text';
import { ApiKeys } from '@/resource/apiKeys/ApiKeys';
import { EmailText } from '@/ui/EmailText';
import { Notice } from '@/ui/Notice';
import { PageTitle } from '@/ui/PageTitle';
import { ownKeys } from './accountApi';
import { EmailForm } from './EmailForm';
import { OwnData } from './OwnData';
import { OwnDevices } from './OwnDevices';
import { OwnIdentities } from './OwnIdentities';
import { OwnPasskeys } from './OwnPasskeys';
import { OwnPermissions } from './OwnPermissions';
import { OwnSessions } from './OwnSessions';
import { OwnSignIns } from './OwnSignIns';
import { PasswordForm } from './PasswordForm';
import { ProfileForm } from './ProfileForm';
import { SecondFactor } from './SecondFactor';

export default function AccountPage() {
  const me = useMe();
  if (me.impersonator) return <AccountOfAnother />;
  return (
    <div className="grid gap-6">
      <PageTitle title={t('account.title')} lead={<EmailText email={me.email} />} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <ProfileForm key={me.updated_at} />
        <PasswordForm />
        <EmailForm />
        <OwnData />
      </div>
      <SecondFactor />
      <OwnPasskeys />
      <OwnIdentities />
      <OwnSessions />
      <OwnDevices />
      <OwnSignIns />
      <ApiKeys keeper={ownKeys} lead={t('apiKeys.lead')} mayChange />
      <OwnPermissions permissions={me.permissions} />
    </div>
  );
}

/** Whoever acts in somebody's name sees of the account what they may change, and what it permits. */
function AccountOfAnother() {
  const me = useMe();
  return (
    <div className="grid gap-6">
      <PageTitle title={t('account.title')} lead={<EmailText email={me.email} />} />
      <Notice>{t('impersonation.account')}</Notice>
      <ProfileForm key={me.updated_at} />
      <OwnPermissions permissions={me.permissions} />
    </div>
  );
}
