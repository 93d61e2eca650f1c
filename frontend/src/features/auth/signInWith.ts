import { answer, api } from '@/api/client';
import type { MfaMethod, SignInAnswer } from '@/api/types';

export function signInWith(identifier: string, password: string, remember: boolean): Promise<SignInAnswer> {
  return answer(
    api.POST('/api/v1/auth/login', { body: { identifier, password, remember, refresh: 'cookie' } }),
  );
}

export function replaceRequiredPassword(challenge: string, password: string): Promise<SignInAnswer> {
  return answer(
    api.POST('/api/v1/auth/password/change-required', {
      body: { challenge, new_password: password, refresh: 'cookie' },
    }),
  );
}

export function setUp(token: string, email: string, password: string): Promise<SignInAnswer> {
  return answer(api.POST('/api/v1/auth/setup', { body: { token, email, password, refresh: 'cookie' } }));
}

export interface SecondFactorProof {
  challenge: string;
  method: MfaMethod;
  code: string;
  /** Whether this browser is not to be asked again for a while. */
  trust_device: boolean;
}

export function proveSecondFactor(proof: SecondFactorProof): Promise<SignInAnswer> {
  return answer(api.POST('/api/v1/auth/mfa', { body: { ...proof, refresh: 'cookie' } }));
}

export const mailCode = (challenge: string) =>
  answer(api.POST('/api/v1/auth/mfa/email-code', { body: { challenge } }));
