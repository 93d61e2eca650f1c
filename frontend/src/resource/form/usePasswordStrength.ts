import { type RefObject, useEffect, useRef, useState } from 'react';
import type { PasswordStrength } from './passwordStrength';

/** Long enough that nobody is talked to between two letters. */
const PAUSE = 350;
const namingFields = ['email', 'username', 'display_name'];

/** How strong what is typed into a field is by now, given these names and those in the same form; null while it is empty. */
export function usePasswordStrength(field: RefObject<HTMLInputElement | null>, names: readonly string[]) {
  const [judged, setJudged] = useState<(PasswordStrength & { length: number }) | null>(null);
  const latest = useRef(names);
  latest.current = names;

  useEffect(() => {
    const form = field.current?.form;
    if (!form) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isMounted = true;

    async function judge(form: HTMLFormElement) {
      if (!field.current?.value) return setJudged(null);
      // Without it, as when the network is gone, the server still judges what is sent.
      const strength = await import('./passwordStrength').catch(() => null);
      const password = field.current?.value;
      if (!strength || !isMounted || !password) return;
      const typed = namingFields.map((name) => String(new FormData(form).get(name) ?? ''));
      const known = [...latest.current, ...typed].filter(Boolean);
      setJudged({ ...strength.strengthOf(password, known), length: [...password.normalize('NFKC')].length });
    }
    function later() {
      clearTimeout(timer);
      timer = setTimeout(() => void judge(form as HTMLFormElement), PAUSE);
    }
    function forget() {
      clearTimeout(timer);
      setJudged(null);
    }
    form.addEventListener('input', later);
    form.addEventListener('reset', forget);
    return () => {
      isMounted = false;
      clearTimeout(timer);
      form.removeEventListener('input', later);
      form.removeEventListener('reset', forget);
    };
  }, [field]);

  return judged;
}
