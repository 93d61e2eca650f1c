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
import { type EndOfActing, endActing, rememberActing, takeEndOfActing } from './endOfActing';
import { forgetSignedIn, rememberSignedIn, wasSignedIn } from './hint';

export type SessionState =
  | { status: 'starting' }
  /** `why` where it was not asked for here: the session was lost, or went with its account. */
  | { status: 'signed_out'; why?: 'lost' | 'deleted' }
  | { status: 'unavailable' }
  | { status: 'signed_in'; me: Me; actingUntil?: number; endOfActing?: EndOfActing };

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
  if (!wasSignedIn()) return endHere();
  // What says that the server is away stays until it is back.
  if (state.status !== 'unavailable') become({ status: 'starting' });
  const renewal = await renew();
  if (renewal === 'signed_out') return endHere('lost');
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
  if (me.impersonator) return become({ status: 'signed_in', me, actingUntil });
  const endOfActing = takeEndOfActing();
  become({ status: 'signed_in', me, ...(endOfActing && { endOfActing }) });
}

/** The same where it is a courtesy: if it can't be had now, what was known before still stands. */
export function refreshMe(): void {
  if (state.status === 'signed_in') void reloadMe().catch(() => {});
}

// In memory alone, as the token is: after a reload one is oneself again.
let actingUntil = 0;
/** So short before the end the token might be out of date when it arrives. */
const margin = 5000;

const isTimeOver = () => Date.now() > actingUntil - margin;

/** Goes on in the name of somebody else. All that the screens know of one's own is dropped first. */
export async function actAs(userId: string, { access_token, expires_in }: ImpersonationGrant): Promise<void> {
  become({ status: 'starting' });
  changeHands(access_token, true);
  rememberActing(userId);
  actingUntil = Date.now() + expires_in * 1000;
  await reloadMe().catch(() => resumeOwnSession('ended'));
}

/** Is oneself again, by the cookie that was one's own all the time. */
export async function stopActing(): Promise<void> {
  // With a token that is good no more nothing but the cookie would say whose session is to end: one's own.
  if (isTimeOver()) return resumeOwnSession('time_over');
  // If the server can't be told it ends by itself.
  await answer(api.POST('/api/v1/auth/logout', { body: {}, credentials: 'omit' })).catch(() => {});
  await resumeOwnSession('stopped');
}

async function resumeOwnSession(how: EndOfActing['how']): Promise<void> {
  if (!isActingForAnother()) return;
  become({ status: 'starting' });
  changeHands(null, false);
  endActing(how);
  await startSession();
}

// A page that is left forgets the token: what it is good for is to end with it.
addEventListener('pagehide', () => {
  if (!isActingForAnother() || isTimeOver()) return;
  const headers = { Authorization: `Bearer ${currentToken()}`, 'Content-Type': 'application/json' };
  void fetch(`${apiOrigin}/api/v1/auth/logout`, {
    method: 'POST',
    credentials: 'omit',
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

/** After one's account was deleted: its sessions went with it, here and in other tabs. */
export function endWithAccount(): void {
  endHere('deleted');
  otherTabs.postMessage('signed_out');
}

function endHere(why?: 'lost' | 'deleted'): void {
  changeHands(null, false);
  forgetSignedIn();
  takeEndOfActing();
  become({ status: 'signed_out', ...(why && { why }) });
}

handle({
  onSessionLost: () => endHere('lost'),
  onDenied: refreshMe,
  onActingOver: () => void resumeOwnSession(isTimeOver() ? 'time_over' : 'ended'),
});

whenRenewed((answered) => {
  // The cookie is shared: another tab may have signed in as somebody else since.
  if (state.status === 'signed_in' && state.me.id !== answered.user.id) location.reload();
});

otherTabs.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (data === 'signed_out' && currentToken()) endHere();
  if (data === 'signed_in' && state.status === 'signed_out') void startSession();
};
