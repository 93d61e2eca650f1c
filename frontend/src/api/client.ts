import createClient from 'openapi-fetch';
import { currentHolder, currentToken, isActingForAnother, renew, settled } from './credentials';
import { apiOrigin } from './origin';
import { asProblem, problemFrom, problemOf, unreachable } from './problem';
import type { paths } from './schema.gen';

interface Handlers {
  /** The session is over: renewing it was refused. */
  onSessionLost: () => void;
  /** Acting in somebody's name is over: nothing renews it. */
  onActingOver: () => void;
  /** Something was refused that the screens had offered: what one may do has changed. */
  onDenied: () => void;
  /** Asks the person to prove once more who they are, by `wanted`; true when a fresh token is in place. */
  onReauthenticationRequired: (wanted: WantedProof) => Promise<boolean>;
}

/** What is proof enough. */
export type WantedProof = 'any' | 'second_factor';

const handlers: Handlers = {
  onSessionLost: () => {},
  onActingOver: () => {},
  onDenied: () => {},
  onReauthenticationRequired: () => Promise.resolve(false),
};

export function handle(given: Partial<Handlers>): void {
  Object.assign(handlers, given);
}

export const api = createClient<paths>({
  baseUrl: apiOrigin,
  credentials: 'include',
  fetch: authorizedFetch,
});

/** The one place where a 401 is dealt with: renew once, or ask for a proof once, and go on. No screen has to think of it. */
export async function authorizedFetch(request: Request): Promise<Response> {
  await settled();
  const token = currentToken();
  const holder = currentHolder();
  const response = await send(request, token);
  // Whoever asked has become somebody else meanwhile, in whose name it must not be asked again.
  if (holder !== currentHolder()) return response;
  if (response.status === 403) handlers.onDenied();
  // A 401 to somebody who showed no token is an answer (a wrong password, say), not a lapse.
  if (response.status !== 401 || !token) return response;

  const { code } = await problemOf(response.clone());
  if (holder !== currentHolder()) return response;
  if (code === 'invalid_credentials') return response;
  if (code === 'reauthentication_required') return afterReauthentication(request, response, token);
  if (isActingForAnother()) {
    handlers.onActingOver();
    return response;
  }

  // Somebody else's request may have renewed the token while this one was on its way.
  const renewal = currentToken() === token ? await renew() : 'renewed';
  if (holder !== currentHolder()) return response;
  if (renewal === 'renewed') return afterRenewal(request);
  if (renewal === 'signed_out') {
    handlers.onSessionLost();
    return response;
  }
  throw unreachable(undefined);
}

async function afterRenewal(request: Request): Promise<Response> {
  const token = currentToken();
  const response = await send(request, token);
  return (await isStale(response)) ? afterReauthentication(request, response, token) : response;
}

async function afterReauthentication(
  request: Request,
  refusal: Response,
  token: string | null,
): Promise<Response> {
  let response = refusal;
  // The proof may have been given for somebody else's request while this one was on its way.
  if (currentToken() !== token) response = await send(request, currentToken());
  let asked: WantedProof | null = null;
  for (;;) {
    const wanted = await wantedProof(response);
    // A password may turn out not to be enough; what was proved already is not asked for again.
    if (!wanted || wanted === asked) return response;
    asked = wanted;
    if (!(await handlers.onReauthenticationRequired(wanted))) return response;
    response = await send(request, currentToken());
  }
}

async function isStale(response: Response): Promise<boolean> {
  return (await wantedProof(response)) !== null;
}

async function wantedProof(response: Response): Promise<WantedProof | null> {
  if (response.status !== 401) return null;
  const { code, required } = await problemOf(response.clone());
  if (code !== 'reauthentication_required') return null;
  return required === 'second_factor' ? 'second_factor' : 'any';
}

function send(request: Request, token: string | null): Promise<Response> {
  // A body can be read once: the original stays whole for the next attempt.
  const attempt = request.clone();
  if (token) attempt.headers.set('Authorization', `Bearer ${token}`);
  return fetch(attempt);
}

interface Outcome<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; what is not one becomes a thrown `Problem`. */
export async function answer<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  return (await answerWithTag(call)).data;
}

/** A file: asked for with `parseAs: 'blob'`, whatever type the contract gives its content. */
export async function answerFile(call: Promise<Outcome<unknown>>): Promise<Blob> {
  return (await answer(call)) as Blob;
}

/** The same with the `ETag`, to be sent back as `If-Match`. */
export async function answerWithTag<Data>(
  call: Promise<Outcome<Data>>,
): Promise<{ data: Data; etag: string | null }> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw asProblem(cause);
  });
  if (!response.ok) throw problemFrom(response, error);
  return { data: data as Data, etag: response.headers.get('ETag') };
}
