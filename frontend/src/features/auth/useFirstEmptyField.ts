import { type RefObject, useEffect } from 'react';

/** Begins where there is something to type, after the title has taken the focus, as each page's does. */
export function useFirstEmptyField(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      // Whoever was quicker is not to be interrupted.
      if (form.current?.contains(document.activeElement)) return;
      const fields = form.current?.querySelectorAll('input') ?? [];
      [...fields].find(({ value }) => value === '')?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [form]);
}
