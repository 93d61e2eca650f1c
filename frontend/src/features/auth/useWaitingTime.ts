import { useEffect, useState } from 'react';
import { Problem } from '@/api/problem';

/** Browsers wait no longer than this many milliseconds. */
const longest = 2 ** 31 - 1;

/** A problem that tells how long to wait; when that is over it says so. Counted down it would be read out each second. */
export function useWaitingTime(problem: Problem | null): Problem | null {
  const [over, setOver] = useState<Problem | null>(null);
  useEffect(() => {
    if (problem?.retryAfter === undefined) return;
    const timer = setTimeout(() => setOver(problem), Math.min(problem.retryAfter * 1000, longest));
    return () => clearTimeout(timer);
  }, [problem]);
  return problem && problem === over ? new Problem(0, { code: 'wait_is_over' }) : problem;
}
