import { useState } from 'react';
import type { SignInAnswer } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { PageTitle } from '@/ui/PageTitle';
import { TextField } from '@/ui/TextField';
import { ClosingWords } from './ClosingWords';
import { SignInSteps } from './SignInSteps';
import { isSpent, SpentLink } from './SpentLink';
import { setUp } from './signInWith';

const labels = { email: t('auth.email'), password: t('auth.password') };

/** The first administrator, from the link that the first start prints. */
export default function Setup() {
  const [token] = useState(() => new URLSearchParams(location.search).get('token'));
  if (!token) return <ClosingWords title={t('auth.setupTitle')}>{t('auth.setupNoToken')}</ClosingWords>;
  return <SignInSteps>{(goOn) => <SetupForm token={token} onAnswer={goOn} />}</SignInSteps>;
}

interface Properties {
  token: string;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}

function SetupForm({ token, onAnswer }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const email = String(data.get('email')).trim();
    await onAnswer(await setUp(token, email, String(data.get('password'))));
  });

  if (isSpent(problem)) return <SpentLink>{t('auth.spentSetup')}</SpentLink>;
  return (
    <>
      <PageTitle title={t('auth.setupTitle')} lead={t('auth.setupLead')} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <TextField
          name="email"
          type="email"
          label={labels.email}
          autoComplete="username"
          required
          error={errorOf('email')}
        />
        <NewPasswordField name="password" label={labels.password} error={errorOf('password')} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.setup')}
        </Button>
      </form>
    </>
  );
}
