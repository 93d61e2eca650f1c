import { SignInForm } from './SignInForm';
import { SignInSteps } from './SignInSteps';

export default function SignIn() {
  return <SignInSteps>{(goOn) => <SignInForm onAnswer={goOn} />}</SignInSteps>;
}
