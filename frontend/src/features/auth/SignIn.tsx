import { useSession } from '@/access/useSession';
import { problemText, t } from '@/locales/text';
import { SignInForm } from './SignInForm';
import { SignInSteps } from './SignInSteps';

export default function SignIn() {
  const notice = useNotice();
  return <SignInSteps>{(goOn) => <SignInForm {...(notice && { notice })} onAnswer={goOn} />}</SignInSteps>;
}

/** Why one is here, if it was not one's own wish. */
function useNotice(): string | null {
  const session = useSession();
  const refusal = new URLSearchParams(location.search).get('error');
  if (refusal) return problemText({ code: refusal, message: '' });
  if (session.status !== 'signed_out' || !session.why) return null;
  return t(session.why === 'lost' ? 'auth.sessionLost' : 'auth.accountDeleted');
}
