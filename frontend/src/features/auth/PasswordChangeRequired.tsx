import type { SignInAnswer } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { PageTitle } from '@/ui/PageTitle';
import { replaceRequiredPassword } from './signInWith';

interface Properties {
  challenge: string;
  onAnswer: (answer: SignInAnswer) => Promise<void> | void;
}

const labels = { new_password: t('auth.newPassword') };

export function PasswordChangeRequired({ challenge, onAnswer }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    await onAnswer(await replaceRequiredPassword(challenge, String(data.get('new_password'))));
  });
  return (
    <>
      <PageTitle title={t('auth.changeRequiredTitle')} lead={t('auth.changeRequiredLead')} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <NewPasswordField name="new_password" label={labels.new_password} error={errorOf('new_password')} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.changeRequired')}
        </Button>
      </form>
    </>
  );
}
