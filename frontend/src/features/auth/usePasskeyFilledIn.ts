import { useEffect, useRef } from 'react';
import { areFilledIn, type PasskeyAnswer, presentPasskey } from '@/access/passkeys';
import { askForAnyPasskey } from './signInWith';

/** A question is good for five minutes; before that it is asked anew. */
const renewedAfter = 4 * 60 * 1000;

/**
 * While it is wanted, the browser offers passkeys in the field for the name. Answers how to give that up, which has to be done
 * before a passkey is asked for otherwise: a browser asks one question at a time.
 */
export function usePasskeyFilledIn(isWanted: boolean, onAnswer: (answer: PasskeyAnswer) => void): () => void {
  const asking = useRef<AbortController>(null);
  const tell = useRef(onAnswer);
  useEffect(() => {
    tell.current = onAnswer;
  });

  useEffect(() => {
    if (!isWanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function ask() {
      if (!(await areFilledIn())) return;
      const current = new AbortController();
      asking.current = current;
      timer = setTimeout(() => {
        current.abort();
        void ask();
      }, renewedAfter);
      try {
        const answer = await presentPasskey(await askForAnyPasskey(), current.signal);
        if (!current.signal.aborted) tell.current(answer);
      } catch {
        // Nobody has asked for it: the button is still there, and says what is wrong.
      }
    }

    void ask();
    return () => {
      clearTimeout(timer);
      asking.current?.abort();
    };
  }, [isWanted]);

  return () => asking.current?.abort();
}
