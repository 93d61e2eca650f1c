import { answer, api } from '@/api/client';

/** One's second factors, and whether there is a password. */
export const mfaQuery = {
  queryKey: ['account', 'mfa'],
  queryFn: () => answer(api.GET('/api/v1/me/mfa')),
};

export const beginTotp = () => answer(api.POST('/api/v1/me/mfa/totp'));

export const confirmTotp = (code: string) =>
  answer(api.POST('/api/v1/me/mfa/totp/confirm', { body: { code } }));

export const removeTotp = () => answer(api.DELETE('/api/v1/me/mfa/totp'));

export const replaceRecoveryCodes = () => answer(api.POST('/api/v1/me/mfa/recovery-codes'));
