import { type ReactNode, useId } from 'react';
import { t } from '@/locales/text';

export const controlLook =
  'w-full rounded-lg border border-control bg-surface px-3 h-10 touch:h-11 text-ink placeholder:text-muted aria-invalid:border-danger aria-invalid:bg-danger-soft/40 disabled:opacity-60';

export interface ControlProperties {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

interface Properties {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  children: (control: ControlProperties) => ReactNode;
}

/** A label, a control and what is to be said about it, tied together for those who can't see them near each other. */
export function Field({ label, help, error, optional, children }: Properties) {
  const id = useId();
  const helpId = help ? `${id}-help` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, helpId].filter(Boolean).join(' ') || undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional && <span className="font-normal text-muted"> ({t('field.optional')})</span>}
      </label>
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': describedBy })}
      {error && (
        <p id={errorId} className="text-sm text-danger">
          {error}
        </p>
      )}
      {help && (
        <p id={helpId} className="text-sm text-muted">
          {help}
        </p>
      )}
    </div>
  );
}
