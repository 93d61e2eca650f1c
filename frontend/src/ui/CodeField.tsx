import type { ComponentProps } from 'react';
import { controlLook, Field } from './Field';

interface Properties extends ComponentProps<'input'> {
  label: string;
  error?: string | undefined;
  /** Recovery codes have letters, all others are numbers. */
  kind?: 'number' | 'letters';
}

/** A code that is good once. Telephones offer what was mailed, and password managers what they compute. */
export function CodeField({ label, error, kind = 'number', ...input }: Properties) {
  return (
    <Field label={label} error={error}>
      {(control) => (
        <input
          type="text"
          inputMode={kind === 'number' ? 'numeric' : 'text'}
          autoComplete={kind === 'number' ? 'one-time-code' : 'off'}
          autoCapitalize={kind === 'number' ? 'none' : 'characters'}
          autoCorrect="off"
          spellCheck={false}
          maxLength={64}
          required
          {...input}
          {...control}
          className={`${controlLook} font-mono text-lg tracking-widest`}
        />
      )}
    </Field>
  );
}
