import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { t } from '@/locales/text';
import { controlLook, Field } from './Field';

interface Properties extends ComponentProps<'input'> {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
}

export function PasswordField({ label, help, error, optional, ...input }: Properties) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <Field label={label} help={help} error={error} optional={optional}>
      {(control) => (
        <div className="relative">
          <input
            autoComplete="current-password"
            {...input}
            {...control}
            type={isShown ? 'text' : 'password'}
            className={`${controlLook} pr-12`}
          />
          <button
            type="button"
            className="absolute inset-y-0 right-0 grid w-11 place-items-center rounded-lg text-muted hover:text-ink"
            aria-label={t(isShown ? 'action.hidePassword' : 'action.showPassword')}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            <Icon className="size-4.5" aria-hidden="true" />
          </button>
        </div>
      )}
    </Field>
  );
}
