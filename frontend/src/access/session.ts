import { answer, api, handle } from '@/api/client';
import { currentToken, keepToken, renew, whenRenewed } from '@/api/credentials';
import type { Me, SignedIn } from '@/api/types';
import { writeDatesIn } from '@/locales/time';
import { forgetSignedIn, rememberSignedIn, wasSignedIn } from './hint';

export type SessionState =
  | { status: 'starting' }
  | { status: 'signed_out' }
  | { status: 'unavailable' }
  | { status: 'signed_in'; me: Me };

let state: SessionState = { status: 'starting' };
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel('reeve.session');

export function sessionState(): SessionState {
  return state;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Takes up the session of an earlier visit, if the cookie of one is still good. */
export async function startSession(): Promise<void> {
  if (!wasSignedIn()) return become({ status: 'signed_out' });
  // What says that the server is away stays until it is back.
  if (state.status !== 'unavailable') become({ status: 'starting' });
  const renewal = await renew();
  if (renewal === 'signed_out') return endHere();
  if (renewal === 'unavailable') return become({ status: 'unavailable' });
  await reloadMe().catch(() => {
    if (state.status === 'starting' || state.status === 'unavailable') become({ status: 'unavailable' });
  });
}

/** After an answer that signs in: keeps the token and asks what its holder may do. */
export async function enter(signedIn: Pick<SignedIn, 'access_token'>): Promise<void> {
  keepToken(signedIn.access_token);
  await reloadMe();
  rememberSignedIn();
  otherTabs.postMessage('signed_in');
}

export async function reloadMe(): Promise<void> {
  const me = await answer(api.GET('/api/v1/me'));
  writeDatesIn(me.locale);
  become({ status: 'signed_in', me });
}

/** The same where it is a courtesy: if it can't be had now, what was known before still stands. */
export function refreshMe(): void {
  if (state.status === 'signed_in') void reloadMe().catch(() => {});
}

export async function signOut(): Promise<void> {
  // The session here ends even when the server can't be told: that is what was asked for.
  await answer(api.POST('/api/v1/auth/logout', { body: {} })).catch(() => {});
  endHere();
  otherTabs.postMessage('signed_out');
}

function endHere(): void {
  keepToken(null);
  forgetSignedIn();
  become({ status: 'signed_out' });
}

handle({ onSessionLost: endHere, onDenied: refreshMe });

whenRenewed((answered) => {
  // The cookie is shared: another tab may have signed in as somebody else since.
  if (state.status === 'signed_in' && state.me.id !== answered.user.id) location.reload();
});

otherTabs.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (data === 'signed_out' && currentToken()) endHere();
  if (data === 'signed_in' && state.status === 'signed_out') void startSession();
};
