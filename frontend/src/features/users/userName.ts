import type { User } from '@/api/types';

/** What a user is called where there is room for one name. */
export function userName(user: Pick<User, 'display_name' | 'username' | 'email'>): string {
  return user.display_name || user.username || user.email;
}
