import { t } from '@/locales/text';
import { TextField } from '@/ui/TextField';

export const nameLabels = { display_name: t('auth.displayName'), username: t('auth.username') };

/** How somebody who makes or takes up an account is called, if they say so. */
export function NameFields({ errorOf }: { errorOf: (field: string) => string | undefined }) {
  return (
    <>
      <TextField
        name="display_name"
        label={nameLabels.display_name}
        autoComplete="name"
        optional
        error={errorOf('display_name')}
      />
      <TextField
        name="username"
        label={nameLabels.username}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        optional
        error={errorOf('username')}
      />
    </>
  );
}
