import type { Config } from '@/api/types';

/** Whether strangers can make an account here; otherwise it takes an invitation or an administrator. */
export function mayRegister({ registration }: Config): boolean {
  return registration.mode === 'approval' || registration.mode === 'open';
}
