import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { giveFocusBack } from './giveFocusBack';

interface Properties {
  title: string;
  /** Without it nothing but what is in the dialog closes it. */
  onClose?: () => void;
  children: ReactNode;
}

/** A modal: the browser traps the focus and closes it on Escape; what opened it has the focus again afterwards. */
export function Dialog({ title, onClose, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // In the layout phase: later it would be gone from the page before it could be closed.
  useLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      giveFocusBack(opener);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      // Of its own accord a browser gives in to the second Escape.
      closedby={onClose ? 'closerequest' : 'none'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      className="w-[min(30rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-6 shadow-xl"
    >
      <h2 id={titleId} className="text-lg font-semibold wrap-anywhere">
        {title}
      </h2>
      <div className="mt-2 grid gap-4">{children}</div>
    </dialog>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-2 flex flex-wrap justify-end gap-2">{children}</div>;
}
