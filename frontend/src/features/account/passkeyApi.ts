import type { PasskeyAnswer } from '@/access/passkeys';
import { answer, api } from '@/api/client';

export const listPasskeys = () => answer(api.GET('/api/v1/me/passkeys'));

export const beginPasskey = () => answer(api.POST('/api/v1/me/passkeys/options'));

export const addPasskey = (name: string, passkey: PasskeyAnswer) =>
  answer(api.POST('/api/v1/me/passkeys', { body: { name, ...passkey } }));

export const renamePasskey = (id: string, name: string) =>
  answer(api.PATCH('/api/v1/me/passkeys/{id}', { params: { path: { id } }, body: { name } }));

export const removePasskey = (id: string) =>
  answer(api.DELETE('/api/v1/me/passkeys/{id}', { params: { path: { id } } }));
