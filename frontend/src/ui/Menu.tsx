import { type KeyboardEventHandler, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type ButtonLook, buttonLook } from './buttonLook';
import { walkMenu } from './menuKeys';

interface Properties extends ButtonLook {
  label: ReactNode;
  /** What the button is called where `label` is only an icon. */
  name?: string;
  align?: 'start' | 'end';
  direction?: 'down' | 'up';
  className?: string;
  children: (close: () => void) => ReactNode;
}

/**
 * A button that discloses a list of buttons or links, in the plain tab order and for the arrow keys; Escape and a click
 * elsewhere close it.
 */
export function Menu({
  label,
  name,
  align = 'end',
  direction = 'down',
  className,
  children,
  ...look
}: Properties) {
  const [isOpen, setOpen] = useState(false);
  const wrapper = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const panelId = useId();

  // What is chosen goes away with the focus on it, which may be wanted back here: after a dialog, for one.
  function close() {
    setOpen(false);
    button.current?.focus();
  }

  const onKeyDown: KeyboardEventHandler = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // Its items are there to be focused only once it is drawn.
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') flushSync(() => setOpen(true));
    if (panel.current && walkMenu(panel.current, event.key)) event.preventDefault();
  };

  useEffect(() => {
    if (!isOpen) return;
    const closeElsewhere = (event: Event) => {
      if (!wrapper.current?.contains(event.target as Node)) setOpen(false);
    };
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', closeElsewhere);
    document.addEventListener('focusin', closeElsewhere);
    document.addEventListener('keydown', closeOnEscape);
    return () => {
      document.removeEventListener('pointerdown', closeElsewhere);
      document.removeEventListener('focusin', closeElsewhere);
      document.removeEventListener('keydown', closeOnEscape);
    };
  }, [isOpen]);

  const horizontal = align === 'end' ? 'right-0' : 'left-0';
  const vertical = direction === 'down' ? 'top-full mt-1' : 'bottom-full mb-1';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are its button's and its items'
    <div ref={wrapper} className="relative" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={() => setOpen(!isOpen)}
        className={className ?? buttonLook(look)}
      >
        {label}
      </button>
      {isOpen && (
        <div
          ref={panel}
          id={panelId}
          className={`absolute z-30 min-w-48 rounded-xl border border-line bg-raised p-1.5 shadow-lg ${horizontal} ${vertical}`}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

export const menuItemLook =
  'flex w-full items-center gap-2.5 rounded-lg px-3 h-9 touch:h-11 text-left whitespace-nowrap hover:bg-sunken disabled:opacity-50';
