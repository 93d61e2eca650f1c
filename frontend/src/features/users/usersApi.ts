import { answer, answerFile, answerWithTag, api } from '@/api/client';
import type { ImportReport, ListQuery } from '@/api/types';
import type { KeyKeeper } from '@/resource/apiKeys/keeper';

/** Acts on one user that take nothing but the user. */
export type UserAct =
  | 'activate'
  | 'deactivate'
  | 'approve'
  | 'unlock'
  | 'mail-link'
  | 'reset-access'
  | 'remove-mfa';
export type BulkAct = 'activate' | 'deactivate' | 'approve' | 'delete' | 'add_role' | 'remove_role';
export type ExportFormat = 'csv' | 'json' | 'ndjson' | 'xlsx';

const of = (id: string) => ({ params: { path: { id } } });

export const listUsers = (query: ListQuery, signal: AbortSignal) =>
  answer(api.GET('/api/v1/users', { params: { query }, signal }));

export const showUser = (id: string) => answerWithTag(api.GET('/api/v1/users/{id}', of(id)));

export interface NewUser {
  email: string;
  username?: string;
  display_name?: string;
  password?: string;
  active: boolean;
  roles: string[];
  kind?: 'person' | 'service';
}

export const createUser = (body: NewUser) => answer(api.POST('/api/v1/users', { body }));

export interface UserChange {
  email?: string;
  username?: string | null;
  display_name?: string | null;
  locale?: string | null;
}

/** Refused (412) if somebody else has saved since `etag` was given out. */
export const updateUser = (id: string, body: UserChange, etag: string | null) =>
  answer(
    api.PATCH('/api/v1/users/{id}', {
      params: { path: { id }, header: etag ? { 'If-Match': etag } : {} },
      body,
    }),
  );

const acts: Record<UserAct, (id: string) => Promise<unknown>> = {
  activate: (id) => answer(api.POST('/api/v1/users/{id}/activate', of(id))),
  deactivate: (id) => answer(api.POST('/api/v1/users/{id}/deactivate', of(id))),
  approve: (id) => answer(api.POST('/api/v1/users/{id}/approve', of(id))),
  unlock: (id) => answer(api.POST('/api/v1/users/{id}/unlock', of(id))),
  'mail-link': (id) => answer(api.POST('/api/v1/users/{id}/mail-link', of(id))),
  'reset-access': (id) => answer(api.POST('/api/v1/users/{id}/reset-access', of(id))),
  'remove-mfa': (id) => answer(api.DELETE('/api/v1/users/{id}/mfa', of(id))),
};

export const actOnUser = (act: UserAct, id: string) => acts[act](id);

export const deleteUser = (id: string) => answer(api.DELETE('/api/v1/users/{id}', of(id)));

export const setPassword = (id: string, password: string, mustChange: boolean) =>
  answer(api.PUT('/api/v1/users/{id}/password', { ...of(id), body: { password, must_change: mustChange } }));

export const impersonate = (id: string, reason: string) =>
  answer(api.POST('/api/v1/users/{id}/impersonate', { ...of(id), body: { reason } }));

export const addRole = (id: string, name: string) =>
  answer(api.PUT('/api/v1/users/{id}/roles/{name}', { params: { path: { id, name } } }));

export const removeRole = (id: string, name: string) =>
  answer(api.DELETE('/api/v1/users/{id}/roles/{name}', { params: { path: { id, name } } }));

export const listSessions = (id: string) => answer(api.GET('/api/v1/users/{id}/sessions', of(id)));

export const listPermissions = (id: string) =>
  answer(api.GET('/api/v1/users/{id}/permissions', { params: { path: { id }, query: { limit: 200 } } }));

export const revokeSessions = (id: string) => answer(api.DELETE('/api/v1/users/{id}/sessions', of(id)));

export const keysOf = (id: string): KeyKeeper => ({
  queryKey: ['users', 'api-keys', id],
  list: () =>
    answer(api.GET('/api/v1/users/{id}/api-keys', { params: { path: { id }, query: { limit: 200 } } })),
  create: (body) => answer(api.POST('/api/v1/users/{id}/api-keys', { ...of(id), body })),
  remove: (key_id) =>
    answer(api.DELETE('/api/v1/users/{id}/api-keys/{key_id}', { params: { path: { id, key_id } } })),
});

export const actOnUsers = (action: BulkAct, ids: string[], role?: string) =>
  answer(api.POST('/api/v1/users/bulk', { body: { action, ids, ...(role && { role }) } }));

export const exportUsers = (format: ExportFormat, query: ListQuery): Promise<Blob> =>
  answerFile(api.GET('/api/v1/users/export', { params: { query: { ...query, format } }, parseAs: 'blob' }));

export interface ImportOptions {
  isDryRun: boolean;
  /** Whether each user is mailed how to choose a password. */
  invite: boolean;
}

export function importUsers(file: File, { isDryRun, invite }: ImportOptions): Promise<ImportReport> {
  const format = /\.(?:nd)?jsonl?$/i.test(file.name) ? 'ndjson' : 'csv';
  return answer(
    api.POST('/api/v1/users/import', {
      params: { query: { format, dry_run: isDryRun, invite } },
      headers: { 'Content-Type': format === 'csv' ? 'text/csv' : 'application/x-ndjson' },
      body: file as unknown as string,
      bodySerializer: (body: unknown) => body as BodyInit,
    }),
  );
}

/** The names to choose from that fit a search; the server tells which of them one may give. */
export async function listRoleNames(q: string, signal: AbortSignal) {
  const query = { limit: 50, sort: 'name', ...(q && { q }) };
  const { items, next_cursor } = await answer(api.GET('/api/v1/roles', { params: { query }, signal }));
  return { names: items.map(({ name }) => name), hasMore: Boolean(next_cursor) };
}
