import { useSyncExternalStore } from 'react';
import type { Me } from '@/api/types';
import { can } from './can';
import { onSessionChange, type SessionState, sessionState } from './session';

export function useSession(): SessionState {
  return useSyncExternalStore(onSessionChange, sessionState);
}

/** Whoever is signed in; for what is only ever drawn while somebody is. */
export function useMe(): Me {
  const session = useSession();
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in');
  return session.me;
}

export function useCan(): (permission: string) => boolean {
  const { permissions } = useMe();
  return (permission) => can(permissions, permission);
}
