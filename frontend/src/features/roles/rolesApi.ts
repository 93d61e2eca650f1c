import { answer, answerWithTag, api } from '@/api/client';
import type { ListQuery } from '@/api/types';

const of = (id: string) => ({ params: { path: { id } } });

export const listRoles = (query: ListQuery, signal: AbortSignal) =>
  answer(api.GET('/api/v1/roles', { params: { query }, signal }));

export const showRole = (id: string) => answerWithTag(api.GET('/api/v1/roles/{id}', of(id)));

export interface NewRole {
  name: string;
  description?: string;
  mfa_required?: boolean;
  permissions: string[];
}

export const createRole = (body: NewRole) => answer(api.POST('/api/v1/roles', { body }));

export interface RoleChange {
  name?: string;
  description?: string | null;
  mfa_required?: boolean;
  permissions?: string[];
}

/** Refused (412) if somebody else has saved since `etag` was given out. */
export const updateRole = (id: string, body: RoleChange, etag: string | null) =>
  answer(
    api.PATCH('/api/v1/roles/{id}', {
      params: { path: { id }, header: etag ? { 'If-Match': etag } : {} },
      body,
    }),
  );

export const deleteRole = (id: string) => answer(api.DELETE('/api/v1/roles/{id}', of(id)));

export const listRoleUsers = (id: string, cursor: string | undefined) =>
  answer(
    api.GET('/api/v1/roles/{id}/users', {
      params: { path: { id }, query: { limit: 50, ...(cursor && { cursor }) } },
    }),
  );

/** Every permission that there is a name for; the patterns one may write besides are not in it. */
export const listPermissions = () =>
  answer(api.GET('/api/v1/permissions', { params: { query: { limit: 200 } } }));
