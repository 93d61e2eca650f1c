import { type ReactNode, useState } from 'react';
import { enter } from '@/access/session';
import { asProblem } from '@/api/problem';
import type { SignInAnswer } from '@/api/types';
import { t } from '@/locales/text';
import { PasswordChangeRequired } from './PasswordChangeRequired';
import { SecondFactor } from './SecondFactor';
import { SignInForm } from './SignInForm';
import { keepTyped } from './typedName';

type Step =
  | { status: 'first' | 'expired' }
  | Extract<SignInAnswer, { status: 'mfa_required' | 'password_change_required' }>;

interface Properties {
  /** The first step, whatever it is; it hands over what the server answered to it. */
  children: (goOn: (answered: SignInAnswer) => Promise<void>) => ReactNode;
  /** Leads away from an address that is shown to whoever is signed in, too. */
  onEntered?: () => void;
}

/** The one place where an answer to signing in is dealt with: what else it asks for, until somebody is in. */
export function SignInSteps({ children, onEntered }: Properties) {
  const [step, setStep] = useState<Step>({ status: 'first' });

  async function goOn(answered: SignInAnswer) {
    if (answered.status !== 'ok') return setStep(answered);
    await enter(answered);
    keepTyped('');
    onEntered?.();
  }

  /** A challenge lasts for a while, and until the next one. Whatever the first step was, signing in begins another. */
  function orExpired(error: unknown): never {
    if (asProblem(error).code === 'invalid_token') setStep({ status: 'expired' });
    throw error;
  }

  switch (step.status) {
    case 'first':
      return children(goOn);
    case 'expired':
      return <SignInForm notice={t('auth.expired')} onAnswer={goOn} />;
    case 'mfa_required':
      return (
        <SecondFactor
          challenge={step.challenge}
          methods={step.methods}
          onAnswer={goOn}
          onProblem={orExpired}
          onLeave={() => setStep({ status: 'first' })}
        />
      );
    case 'password_change_required':
      return <PasswordChangeRequired challenge={step.challenge} onAnswer={goOn} onProblem={orExpired} />;
  }
}
