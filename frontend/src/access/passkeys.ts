import { Problem } from '@/api/problem';
import type { CeremonyOptions } from '@/api/types';

/** What an authenticator answered, and to which question. */
export interface PasskeyAnswer {
  ceremony: string;
  credential: Record<string, never>;
}

/** Whether this browser takes the options as the server writes them (Web Authentication, level 3). */
export function areSupported(): boolean {
  return (
    typeof PublicKeyCredential === 'function' &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  );
}

/** Whether this browser offers passkeys in the field for the name, among what it fills in. */
export async function areFilledIn(): Promise<boolean> {
  if (!areSupported()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

/** Has a passkey made on a device of the user's choice. */
export function makePasskey({ ceremony, public_key: options }: CeremonyOptions): Promise<PasskeyAnswer> {
  const asked = { publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asJson(options)) };
  return answered(ceremony, navigator.credentials.create(asked));
}

/** Has a passkey used; with `filledIn`, as soon as the user chooses one in the field, until that is given up. */
export function presentPasskey(
  { ceremony, public_key: options }: CeremonyOptions,
  filledIn?: AbortSignal,
): Promise<PasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asJson(options));
  const asked = filledIn ? { publicKey, mediation: 'conditional' as const, signal: filledIn } : { publicKey };
  return answered(ceremony, navigator.credentials.get(asked));
}

/** The contract says no more of it than that it is an object: what is in it is between the browser and the server. */
function asJson<Options>(options: Record<string, never>): Options {
  return options as Options;
}

async function answered(ceremony: string, asked: Promise<Credential | null>): Promise<PasskeyAnswer> {
  const credential = await asked.catch(refuse);
  if (!(credential instanceof PublicKeyCredential)) throw new Problem(0, { code: 'passkey_cancelled' });
  return { ceremony, credential: credential.toJSON() as Record<string, never> };
}

/** Browsers don't tell whether somebody changed their mind or has no passkey: a page is not to find that out. */
function refuse(error: unknown): never {
  const isKnown = error instanceof DOMException && error.name === 'InvalidStateError';
  throw new Problem(0, { code: isKnown ? 'passkey_taken' : 'passkey_cancelled' });
}
