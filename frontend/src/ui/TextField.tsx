import type { InputHTMLAttributes, ReactNode } from 'react';
import { controlLook, Field } from './Field';

interface Properties extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
}

export function TextField({ label, help, error, optional, ...input }: Properties) {
  return (
    <Field label={label} help={help} error={error} optional={optional}>
      {(control) => <input type="text" {...input} {...control} className={controlLook} />}
    </Field>
  );
}
