import { asProblem } from '@/api/problem';

/** Whether what was fetched before must not be shown any longer: it is deleted, or not for these eyes any more. */
export function isWithdrawn(error: unknown): boolean {
  const { status } = asProblem(error);
  return status === 404 || status === 403;
}
