import { answer, api } from '@/api/client';
import type { KeyKeeper } from '@/resource/apiKeys/keeper';

export interface ProfileChange {
  display_name?: string | null;
  username?: string | null;
  locale?: string | null;
}

export const updateProfile = (body: ProfileChange) => answer(api.PATCH('/api/v1/me', { body }));

export const changePassword = (currentPassword: string, newPassword: string) =>
  answer(
    api.POST('/api/v1/auth/password/change', {
      body: { current_password: currentPassword, new_password: newPassword },
    }),
  );

export const changeEmail = (email: string) =>
  answer(api.POST('/api/v1/auth/email/change', { body: { email } }));

export const exportOwnData = () => answer(api.GET('/api/v1/me/export'));

export const deleteOneself = () => answer(api.DELETE('/api/v1/me'));

export const listOwnSessions = () =>
  answer(api.GET('/api/v1/me/sessions', { params: { query: { limit: 200 } } }));

export const endSession = (id: string) =>
  answer(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } }));

export const endOtherSessions = () => answer(api.DELETE('/api/v1/me/sessions'));

export const listOwnDevices = () =>
  answer(api.GET('/api/v1/me/devices', { params: { query: { limit: 200 } } }));

export const forgetDevice = (id: string) =>
  answer(api.DELETE('/api/v1/me/devices/{id}', { params: { path: { id } } }));

export const forgetOtherDevices = () => answer(api.DELETE('/api/v1/me/devices'));

export const listOwnIdentities = () =>
  answer(api.GET('/api/v1/me/identities', { params: { query: { limit: 200 } } }));

export const beginIdentityLink = (provider: string) =>
  answer(api.POST('/api/v1/me/identities', { body: { provider } }));

export const unlinkIdentity = (id: string) =>
  answer(api.DELETE('/api/v1/me/identities/{id}', { params: { path: { id } } }));

export const listOwnSignIns = (cursor: string | undefined, signal: AbortSignal) =>
  answer(
    api.GET('/api/v1/me/sign-ins', { params: { query: { limit: 10, ...(cursor && { cursor }) } }, signal }),
  );

export const ownKeys: KeyKeeper = {
  queryKey: ['account', 'api-keys'],
  list: () => answer(api.GET('/api/v1/me/api-keys', { params: { query: { limit: 200 } } })),
  create: (body) => answer(api.POST('/api/v1/me/api-keys', { body })),
  remove: (id) => answer(api.DELETE('/api/v1/me/api-keys/{id}', { params: { path: { id } } })),
};
