import { problemText } from '@/locales/text';
import { SignInForm } from './SignInForm';
import { SignInSteps } from './SignInSteps';

export default function SignIn() {
  const refusal = new URLSearchParams(location.search).get('error');
  return (
    <SignInSteps>
      {(goOn) => (
        <SignInForm
          {...(refusal && { notice: problemText({ code: refusal, message: '' }) })}
          onAnswer={goOn}
        />
      )}
    </SignInSteps>
  );
}
