import type { SignInAnswer } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { go } from '@/ui/location';
import { PageTitle } from '@/ui/PageTitle';
import { ClosingWords } from './ClosingWords';
import { acceptInvitation } from './linkApi';
import { NameFields, nameLabels } from './NameFields';
import { SignInSteps } from './SignInSteps';
import { isSpent, SpentLink } from './SpentLink';
import { useLinkToken } from './useLinkToken';

const labels = {
  ...nameLabels,
  password: t('auth.password'),
};

/** The first password of an account that an administrator has made. */
export default function Invitation() {
  const token = useLinkToken();
  if (!token)
    return <ClosingWords title={t('auth.invitationTitle')}>{t('auth.linkIncomplete')}</ClosingWords>;
  return (
    <SignInSteps onEntered={() => go('/', 'replace')}>
      {(goOn) => <InvitationForm token={token} onAnswer={goOn} />}
    </SignInSteps>
  );
}

interface Properties {
  token: string;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}

function InvitationForm({ token, onAnswer }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const text = (name: string) => String(data.get(name)).trim();
    const answered = await acceptInvitation({
      token,
      password: String(data.get('password')),
      ...(text('display_name') && { display_name: text('display_name') }),
      ...(text('username') && { username: text('username') }),
    });
    await onAnswer(answered);
  });

  if (isSpent(problem)) {
    return <SpentLink another="/forgot-password">{t('auth.spentInvitation')}</SpentLink>;
  }
  return (
    <>
      <PageTitle title={t('auth.invitationTitle')} lead={t('auth.invitationLead')} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <NameFields errorOf={errorOf} />
        <NewPasswordField name="password" label={labels.password} error={errorOf('password')} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.acceptInvitation')}
        </Button>
      </form>
    </>
  );
}
