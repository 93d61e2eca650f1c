import { answer, api, handle } from '@/api/client';
import {
  changeHands,
  currentToken,
  isActingForAnother,
  keepToken,
  renew,
  whenRenewed,
} from '@/api/credentials';
import { apiOrigin } from '@/api/origin';
import type { ImpersonationGrant, Me, SignedIn } from '@/api/types';
import { writeDatesIn } from '@/locales/time';
import { forgetSignedIn, rememberSignedIn, wasSignedIn } from './hint';

export type SessionState =
  | { status: 'starting' }
  | { status: 'signed_out' }
  | { status: 'unavailable' }
  | { status: 'signed_in'; me: Me; actingUntil?: number };

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
  become({ status: 'signed_in', me, ...(me.impersonator && { actingUntil }) });
}

/** The same where it is a courtesy: if it can't be had now, what was known before still stands. */
export function refreshMe(): void {
  if (state.status === 'signed_in') void reloadMe().catch(() => {});
}

// In memory alone, as the token is: after a reload one is oneself again.
let actingUntil = 0;

/** Goes on in the name of somebody else. All that the screens know of one's own is dropped first. */
export async function actAs({ access_token, expires_in }: ImpersonationGrant): Promise<void> {
  become({ status: 'starting' });
  changeHands(access_token, true);
  actingUntil = Date.now() + expires_in * 1000;
  await reloadMe().catch(resumeOwnSession);
}

/** Is oneself again, by the cookie that was one's own all the time. */
export async function stopActing(): Promise<void> {
  // If the server can't be told it ends by itself.
  await answer(api.POST('/api/v1/auth/logout', { body: {} })).catch(() => {});
  await resumeOwnSession();
}

async function resumeOwnSession(): Promise<void> {
  if (!isActingForAnother()) return;
  become({ status: 'starting' });
  changeHands(null, false);
  await startSession();
}

// A page that is left forgets the token: what it is good for is to end with it.
addEventListener('pagehide', () => {
  if (!isActingForAnother()) return;
  const headers = { Authorization: `Bearer ${currentToken()}`, 'Content-Type': 'application/json' };
  void fetch(`${apiOrigin}/api/v1/auth/logout`, {
    method: 'POST',
    keepalive: true,
    headers,
    body: '{}',
  }).catch(() => {});
});

export async function signOut(): Promise<void> {
  // The session here ends even when the server can't be told: that is what was asked for.
  await answer(api.POST('/api/v1/auth/logout', { body: {} })).catch(() => {});
  endHere();
  otherTabs.postMessage('signed_out');
}

function endHere(): void {
  changeHands(null, false);
  forgetSignedIn();
  become({ status: 'signed_out' });
}

handle({
  onSessionLost: endHere,
  onDenied: refreshMe,
  onActingOver: () => void resumeOwnSession(),
});

whenRenewed((answered) => {
  // The cookie is shared: another tab may have signed in as somebody else since.
  if (state.status === 'signed_in' && state.me.id !== answered.user.id) location.reload();
});

otherTabs.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (data === 'signed_out' && currentToken()) endHere();
  if (data === 'signed_in' && state.status === 'signed_out') void startSession();
};
