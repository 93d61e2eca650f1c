import type { SignInAnswer } from '@/api/types';
import { problemText, t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { go } from '@/ui/location';
import { PageTitle } from '@/ui/PageTitle';
import { ClosingWords } from './ClosingWords';
import { redeemMagicLink } from './linkApi';
import { SignInSteps } from './SignInSteps';
import { isSpent, SpentLink } from './SpentLink';
import { useLinkToken } from './useLinkToken';

/** Where the link of a mail leads that signs in. */
export default function MagicLink() {
  const token = useLinkToken();
  if (!token)
    return <ClosingWords title={t('auth.magicLinkSignInTitle')}>{t('auth.linkIncomplete')}</ClosingWords>;
  return (
    <SignInSteps onEntered={() => go('/', 'replace')}>
      {(goOn) => <MagicLinkForm token={token} onAnswer={goOn} />}
    </SignInSteps>
  );
}

interface Properties {
  token: string;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}

/** By a button: programs that look at links in mails must not use it up. */
function MagicLinkForm({ token, onAnswer }: Properties) {
  const { form, isBusy, problem } = useSubmission(async () => onAnswer(await redeemMagicLink(token)));
  if (isSpent(problem)) return <SpentLink another="/ask-for-link" />;
  if (problem?.code === 'second_factor_unavailable') {
    return <ClosingWords title={t('auth.magicLinkNotEnoughTitle')}>{problemText(problem)}</ClosingWords>;
  }
  return (
    <>
      <PageTitle title={t('auth.magicLinkSignInTitle')} lead={t('auth.magicLinkSignInLead')} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={{}} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.signIn')}
        </Button>
      </form>
    </>
  );
}
