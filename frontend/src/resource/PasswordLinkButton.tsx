import { useMe } from '@/access/useSession';
import { answer, api } from '@/api/client';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { say } from '@/ui/toast';
import { ErrorSummary } from './form/ErrorSummary';
import { useSubmission } from './form/useSubmission';

interface Properties {
  onSent?: () => void;
}

/** Has a link mailed to oneself by which one chooses a first password, or another one. */
export function PasswordLinkButton({ onSent }: Properties) {
  const { email } = useMe();
  const { form, isBusy, problem } = useSubmission(async () => {
    await answer(api.POST('/api/v1/auth/password/forgot', { body: { email } }));
    say(t('users.done.mail-link', { name: email }));
    onSent?.();
  });
  return (
    <form {...form} className="grid gap-4">
      <ErrorSummary problem={problem} labels={{}} />
      <Button type="submit" variant="primary" busy={isBusy}>
        {t('auth.mailPasswordLink')}
      </Button>
    </form>
  );
}
