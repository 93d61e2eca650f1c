import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { asProblem, type Problem } from '@/api/problem';
import { problemText } from '@/locales/text';

/** Runs a form's act once at a time, keeps what went wrong, and takes the focus to where it can be mended. */
export function useSubmission(act: (form: FormData) => Promise<unknown>) {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await act(new FormData(event.currentTarget));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  // Before anything is painted: nobody, and no screen reader, sees the error without the focus on it.
  useLayoutEffect(() => {
    if (!problem) return;
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector);
    (find('[aria-invalid="true"]') ?? find('[data-error-summary]'))?.focus();
  }, [problem]);

  return {
    form: { ref: form, onSubmit },
    isBusy,
    problem,
    /** What is to be said beside a field, if anything. */
    errorOf: (field: string): string | undefined => fieldText(problem, field),
  };
}

/** A list's members are reported as `permissions[2]` or `permissions.2`: they belong to their field. */
export function belongsTo(field: string, reported: string): boolean {
  return reported === field || reported.startsWith(`${field}[`) || reported.startsWith(`${field}.`);
}

function fieldText(problem: Problem | null, field: string): string | undefined {
  const error = problem?.fieldErrors.find((candidate) => belongsTo(field, candidate.field));
  return error && problemText(error);
}
