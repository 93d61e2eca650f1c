import { answer, api } from '@/api/client';
import type { SignInAnswer } from '@/api/types';

export const askForPasswordLink = (email: string) =>
  answer(api.POST('/api/v1/auth/password/forgot', { body: { email } }));

export const askForVerification = (email: string) =>
  answer(api.POST('/api/v1/auth/email/verification', { body: { email } }));

export const askForMagicLink = (email: string) =>
  answer(api.POST('/api/v1/auth/magic-link', { body: { email } }));

export const redeemMagicLink = (token: string): Promise<SignInAnswer> =>
  answer(api.POST('/api/v1/auth/magic-link/redeem', { body: { token, refresh: 'cookie' } }));

export const redeemCode = (code: string): Promise<SignInAnswer> =>
  answer(api.POST('/api/v1/auth/oidc/redeem', { body: { code, refresh: 'cookie' } }));

export const resetPassword = (token: string, password: string) =>
  answer(api.POST('/api/v1/auth/password/reset', { body: { token, password } }));

export const verifyEmail = (token: string) =>
  answer(api.POST('/api/v1/auth/email/verify', { body: { token } }));

export const confirmEmail = (token: string) =>
  answer(api.POST('/api/v1/auth/email/change/confirm', { body: { token } }));

export interface Acceptance {
  token: string;
  password: string;
  display_name?: string;
  username?: string;
}

export const acceptInvitation = (acceptance: Acceptance): Promise<SignInAnswer> =>
  answer(api.POST('/api/v1/auth/invitation/accept', { body: { ...acceptance, refresh: 'cookie' } }));
