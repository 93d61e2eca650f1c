import { useState } from 'react';
import { enter } from '@/access/session';
import { Problem } from '@/api/problem';
import type { SignInAnswer } from '@/api/types';
import { t } from '@/locales/text';
import { PasswordChangeRequired } from './PasswordChangeRequired';
import { SignInForm } from './SignInForm';

/** Sign-in and what it may ask for before it is done. */
export default function SignIn() {
  const [challenge, setChallenge] = useState<string | null>(null);

  async function goOn(answered: SignInAnswer) {
    switch (answered.status) {
      case 'ok':
        return enter(answered);
      case 'password_change_required':
        return setChallenge(answered.challenge);
      default:
        throw new Problem(401, { code: 'unsupported', detail: t('auth.unsupported') });
    }
  }

  return challenge ? (
    <PasswordChangeRequired challenge={challenge} onAnswer={goOn} />
  ) : (
    <SignInForm onAnswer={goOn} />
  );
}
