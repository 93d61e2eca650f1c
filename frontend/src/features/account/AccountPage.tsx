import { useMe } from '@/access/useSession';
import { t } from '@/locales/text';
import { ApiKeys } from '@/resource/apiKeys/ApiKeys';
import { Tabs } from '@/resource/detail/Tabs';
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

const tabs = [
  { name: 'profile', label: t('account.profile'), render: () => <Profile /> },
  { name: 'security', label: t('account.security'), render: () => <Security /> },
  { name: 'devices', label: t('account.tabDevices'), render: () => <Devices /> },
  {
    name: 'api-keys',
    label: t('apiKeys.title'),
    render: () => <ApiKeys keeper={ownKeys} lead={t('apiKeys.lead')} mayChange />,
  },
];

export default function AccountPage() {
  const me = useMe();
  return (
    <>
      <PageTitle title={t('account.title')} lead={<EmailText email={me.email} />} />
      {me.impersonator ? <AccountOfAnother /> : <Tabs tabs={tabs} />}
    </>
  );
}

function Profile() {
  const me = useMe();
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <ProfileForm key={me.updated_at} />
      <div className="grid gap-5">
        <EmailForm />
        <OwnPermissions permissions={me.permissions} />
        <OwnData />
      </div>
    </div>
  );
}

function Security() {
  return (
    <div className="grid gap-5">
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <PasswordForm />
        <SecondFactor />
      </div>
      <OwnPasskeys />
      <OwnIdentities />
    </div>
  );
}

function Devices() {
  return (
    <div className="grid gap-5">
      <OwnSessions />
      <OwnDevices />
      <OwnSignIns />
    </div>
  );
}

/** Whoever acts in somebody's name sees of the account what they may change, and what it permits. */
function AccountOfAnother() {
  const me = useMe();
  return (
    <div className="mt-6 grid gap-5">
      <Notice>{t('impersonation.account')}</Notice>
      <ProfileForm key={me.updated_at} />
      <OwnPermissions permissions={me.permissions} />
    </div>
  );
}
