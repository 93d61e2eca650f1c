import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { refreshMe } from '@/access/session';
import { showRole } from './rolesApi';

/** The role that the address names. */
export function useRole() {
  const { id = '' } = useParams({ strict: false });
  return useQuery({ queryKey: ['roles', 'show', id], queryFn: () => showRole(id) });
}

/** After any act on roles: their users' roles and what was recorded are out of date, too. */
export function useRolesChanged(): () => Promise<unknown> {
  const cache = useQueryClient();
  return () => {
    // One's own permissions may be among what was changed.
    refreshMe();
    return Promise.all(
      ['roles', 'users', 'audit'].map((key) => cache.invalidateQueries({ queryKey: [key] })),
    );
  };
}
