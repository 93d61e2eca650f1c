import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { refreshMe } from '@/access/session';
import { showUser } from './usersApi';

/** The user that the address names. */
export function useUser() {
  const { id = '' } = useParams({ strict: false });
  return useQuery({ queryKey: ['users', 'show', id], queryFn: () => showUser(id) });
}

/** After any act on users: whatever is shown of them, and of what was recorded, is out of date. */
export function useUsersChanged(): () => Promise<unknown> {
  const cache = useQueryClient();
  return () => {
    // One's own roles may be among what was changed.
    refreshMe();
    return Promise.all([
      cache.invalidateQueries({ queryKey: ['users'] }),
      cache.invalidateQueries({ queryKey: ['audit'] }),
    ]);
  };
}
