import type { PasskeyAnswer } from '@/access/passkeys';
import { answer, api } from '@/api/client';
import { forgetConfig } from '@/api/config';
import type { CeremonyOptions, MfaMethod, SignInAnswer } from '@/api/types';

export function signInWith(identifier: string, password: string, remember: boolean): Promise<SignInAnswer> {
  return answer(
    api.POST('/api/v1/auth/login', { body: { identifier, password, remember, refresh: 'cookie' } }),
  );
}

/** Whosever it is: the device knows. */
export const askForAnyPasskey = (): Promise<CeremonyOptions> =>
  answer(api.POST('/api/v1/auth/passkey/options', { body: {} }));

export function signInWithPasskey(passkey: PasskeyAnswer, remember: boolean): Promise<SignInAnswer> {
  return answer(api.POST('/api/v1/auth/passkey', { body: { ...passkey, remember, refresh: 'cookie' } }));
}

export function replaceRequiredPassword(challenge: string, password: string): Promise<SignInAnswer> {
  return answer(
    api.POST('/api/v1/auth/password/change-required', {
      body: { challenge, new_password: password, refresh: 'cookie' },
    }),
  );
}

export async function setUp(token: string, email: string, password: string): Promise<SignInAnswer> {
  const body = { token, email, password, refresh: 'cookie' } as const;
  const signedIn = await answer(api.POST('/api/v1/auth/setup', { body }));
  forgetConfig();
  return signedIn;
}

export type SecondFactorProof = {
  challenge: string;
  /** Whether this browser is not to be asked again for a while. */
  trust_device: boolean;
} & ({ method: CodeMethod; code: string } | ({ method: 'passkey' } & PasskeyAnswer));

/** What is proved by typing something. */
export type CodeMethod = Exclude<MfaMethod, 'passkey'>;

export function proveSecondFactor(proof: SecondFactorProof): Promise<SignInAnswer> {
  return answer(api.POST('/api/v1/auth/mfa', { body: { ...proof, refresh: 'cookie' } }));
}

export const askForPasskeyOf = (challenge: string): Promise<CeremonyOptions> =>
  answer(api.POST('/api/v1/auth/mfa/passkey/options', { body: { challenge } }));

export const mailCode = (challenge: string) =>
  answer(api.POST('/api/v1/auth/mfa/email-code', { body: { challenge } }));
