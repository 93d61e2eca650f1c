import type { ReactNode } from 'react';
import { go } from './location';

/** A link between the screens for strangers. */
export function PublicLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a
      href={to}
      className="font-medium text-accent underline underline-offset-2 hover:text-accent-strong"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
