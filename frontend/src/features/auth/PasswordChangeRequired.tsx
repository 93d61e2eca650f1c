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
  onProblem: (error: unknown) => never;
}

const labels = { new_password: t('auth.newPassword') };

export function PasswordChangeRequired({ challenge, onAnswer, onProblem }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const newPassword = String(data.get('new_password'));
    await onAnswer(await replaceRequiredPassword(challenge, newPassword).catch(onProblem));
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
