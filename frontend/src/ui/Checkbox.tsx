import type { InputHTMLAttributes, ReactNode } from 'react';

interface Properties extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: ReactNode;
  help?: ReactNode;
}

export function Checkbox({ label, help, ...input }: Properties) {
  return (
    <label className="flex items-start gap-2.5 py-1 touch:py-2.5">
      <input type="checkbox" {...input} className="mt-0.5 size-5 shrink-0 accent-accent" />
      <span>
        {label}
        {help && <span className="block text-sm text-muted">{help}</span>}
      </span>
    </label>
  );
}
