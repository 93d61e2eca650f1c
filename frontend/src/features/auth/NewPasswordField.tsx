import { t } from '@/locales/text';
import { PasswordField } from '@/ui/PasswordField';
import { useConfig } from './useConfig';

interface Properties {
  name: string;
  label: string;
  error: string | undefined;
}

export function NewPasswordField({ name, label, error }: Properties) {
  const rules = useConfig()?.password;
  return (
    <PasswordField
      name={name}
      label={label}
      error={error}
      autoComplete="new-password"
      required
      help={rules && t('auth.passwordRule', { minimum: rules.min_length })}
    />
  );
}
