import { answer, api, handle, type WantedProof } from '@/api/client';
import { keepToken } from '@/api/credentials';
import type { PasskeyAnswer } from './passkeys';
import { onSessionChange, sessionState } from './session';

/** By what somebody who is signed in shows that it is still them. */
export type Proof =
  | { password: string }
  | { method: 'totp' | 'recovery_code'; code: string }
  | ({ method: 'passkey' } & PasskeyAnswer);

interface Waiting {
  wanted: WantedProof;
  resolve: (isProved: boolean) => void;
}

let waiting: Waiting[] = [];
const listeners = new Set<() => void>();

/** Whether requests wait for a proof. However many there are, one is enough. */
export function isProofWanted(): boolean {
  return waiting.length > 0;
}

/** What is proof enough for all that waits. */
export function wantedProof(): WantedProof {
  return waiting.some(({ wanted }) => wanted === 'second_factor') ? 'second_factor' : 'any';
}

export function onProofWantedChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Proves it; what waited goes on by itself. A wrong proof is thrown, and all goes on waiting. */
export async function prove(proof: Proof): Promise<void> {
  const answered = await answer(api.POST('/api/v1/auth/reauthenticate', { body: proof }));
  if (answered.status === 'ok') keepToken(answered.access_token);
  settle(true);
}

/** By what else than a code it can be proved. */
export async function ownWays(): Promise<{ passkey: boolean; password: boolean }> {
  const { methods, has_password: password } = await answer(api.GET('/api/v1/me/mfa'));
  return { passkey: methods.some(({ method }) => method === 'passkey'), password };
}

export const askForOwnPasskey = () => answer(api.POST('/api/v1/auth/reauthenticate/passkey/options'));

/** What waited is refused as if nothing had been asked. */
export function giveUp(): void {
  settle(false);
}

function settle(isProved: boolean): void {
  const settled = waiting;
  become([]);
  for (const { resolve } of settled) resolve(isProved);
}

function become(next: typeof waiting): void {
  waiting = next;
  for (const listener of listeners) listener();
}

handle({
  onReauthenticationRequired: (wanted) => new Promise((resolve) => become([...waiting, { wanted, resolve }])),
});

// Whoever is signed out meanwhile can prove nothing any more.
onSessionChange(() => {
  if (sessionState().status !== 'signed_in' && isProofWanted()) giveUp();
});
