import type { components } from './schema.gen';

export type ProblemBody = components['schemas']['Problem'];
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** The code of a failure that never became an answer: no network, or nobody listening. */
export const UNREACHABLE = 'unreachable';

/** An answer that is not the one asked for (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fieldErrors: FieldError[];
  /** The permission that was missing, of a 403. */
  readonly required: string | undefined;
  /** After how many seconds another try makes sense, of an answer that says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Partial<ProblemBody>, retryAfter?: number) {
    super(body.detail ?? body.title ?? '');
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? (status >= 500 ? 'unavailable' : 'unknown');
    this.requestId = body.request_id;
    // What is wrong with a whole line of a file belongs to no field.
    this.fieldErrors = (body.errors ?? []).filter(
      (error): error is FieldError => typeof error.field === 'string',
    );
    this.required = body.required ?? undefined;
    this.retryAfter = retryAfter;
  }

  /** Trying again may help, and nothing that the person typed has to change. */
  get isOutage(): boolean {
    return this.code === UNREACHABLE || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export function unreachable(cause: unknown): Problem {
  return new Problem(0, { code: UNREACHABLE, detail: cause instanceof Error ? cause.message : '' });
}

/** From an answer and its body, which a proxy on the way may have made anything. */
export function problemFrom(response: Response, body: unknown): Problem {
  const isObject = typeof body === 'object' && body !== null;
  return new Problem(response.status, isObject ? body : {}, secondsToWait(response));
}

/** `Retry-After` as Reeve writes it; the date that a proxy may put there instead is left alone. */
function secondsToWait(response: Response): number | undefined {
  const value = response.headers.get('Retry-After') ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

export async function problemOf(response: Response): Promise<Problem> {
  return problemFrom(response, await response.json().catch(() => null));
}

/** For forms that ask for one proof: that it was refused is the matter of its field. */
export function refusedAt(field: string, code: string): (error: unknown) => never {
  return (error) => {
    if (asProblem(error).code !== 'invalid_credentials') throw error;
    throw new Problem(422, { code: 'validation_failed', errors: [{ field, code, message: '' }] });
  };
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : unreachable(error);
}
