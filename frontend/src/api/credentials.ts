import { apiOrigin } from './origin';
import { asProblem, problemOf } from './problem';
import type { SignedIn, SignInAnswer } from './types';

export type Renewal = 'renewed' | 'signed_out' | 'unavailable';

// In memory alone: nothing that a script injected later could read from the disk of the browser.
let accessToken: string | null = null;
// Whether the token lets its holder act in somebody else's name. Nothing renews it: the cookie is the holder's own.
let isActing = false;
let holders = 0;
let renewing: Promise<Renewal> | null = null;
let onRenewed: (answer: SignedIn) => void = () => {};

export function currentToken(): string | null {
  return accessToken;
}

export function keepToken(token: string | null): void {
  accessToken = token;
}

/** From now on requests are sent in the name of somebody else, or once more in one's own. */
export function changeHands(token: string | null, acting: boolean): void {
  accessToken = token;
  isActing = acting;
  holders += 1;
}

export function isActingForAnother(): boolean {
  return isActing;
}

/** Changes with whoever requests are sent as: what one began must not be sent again as another. */
export function currentHolder(): number {
  return holders;
}

export function whenRenewed(listener: (answer: SignedIn) => void): void {
  onRenewed = listener;
}

/** Trades the cookie for a new access token. However many ask at once, one request is made. */
export function renew(): Promise<Renewal> {
  renewing ??= requestRenewal().finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Waits for a renewal under way, so that no request sets out with a token about to be replaced. */
export async function settled(): Promise<void> {
  await renewing;
}

async function requestRenewal(): Promise<Renewal> {
  const holder = holders;
  try {
    const response = await fetch(`${apiOrigin}/api/v1/auth/refresh`, {
      method: 'POST',
      credentials: 'include',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    if (!response.ok) throw await problemOf(response);
    const answer: SignInAnswer = await response.json();
    if (answer.status !== 'ok') return 'signed_out';
    // Whoever asked for it has become somebody else meanwhile, whose token stays.
    if (holder !== holders) return 'renewed';
    accessToken = answer.access_token;
    onRenewed(answer);
    return 'renewed';
  } catch (error) {
    // Only the server's word ends a session: while it can't be asked, nobody is signed out.
    const { status } = asProblem(error);
    return status >= 400 && status < 500 && status !== 429 ? 'signed_out' : 'unavailable';
  }
}
