import type { User } from '@/api/types';

/** A lock runs out by itself: its time stays with the user for a while after that. */
export function isLocked({ locked_until }: Pick<User, 'locked_until'>): boolean {
  return Boolean(locked_until) && new Date(locked_until ?? 0) > new Date();
}
