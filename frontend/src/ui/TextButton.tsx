import type { ReactNode } from 'react';

interface Properties {
  onClick: () => void;
  children: ReactNode;
}

/** A way on besides the one that most people take: it does something in place, and looks like the links beside it. */
export function TextButton({ onClick, children }: Properties) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="justify-self-start text-left text-sm font-medium text-accent underline underline-offset-2 hover:text-accent-strong touch:py-2.5"
    >
      {children}
    </button>
  );
}
