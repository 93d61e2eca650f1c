import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { type ButtonLook, buttonLook } from './buttonLook';

interface Properties extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  icon?: ReactNode;
  busy?: boolean;
}

export function Button({ variant, size, icon, busy, children, className = '', ...rest }: Properties) {
  return (
    <button
      type="button"
      {...rest}
      // Kept focusable while busy: a disabled button would drop the keyboard's place.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
      className={`${buttonLook({ variant, size })} ${className}`}
    >
      {icon}
      {children}
    </button>
  );
}
