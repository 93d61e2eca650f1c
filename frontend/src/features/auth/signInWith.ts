import { answer, api } from '@/api/client';
import type { SignInAnswer } from '@/api/types';

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
