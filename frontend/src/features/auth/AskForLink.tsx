import { type ReactNode, useState } from 'react';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { PageTitle } from '@/ui/PageTitle';
import { PublicLink } from '@/ui/PublicLink';
import { TextField } from '@/ui/TextField';
import { ClosingWords } from './ClosingWords';
import { keepTyped, typedEmail } from './typedName';

const labels = { email: t('auth.email') };

interface Properties {
  title: string;
  lead: ReactNode;
  submit: string;
  ask: (email: string) => Promise<unknown>;
}

/** Asks for an address, to which a link is mailed. What is said afterwards is the same whether there is an account or not. */
export function AskForLink({ title, lead, submit, ask }: Properties) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const email = String(data.get('email')).trim();
    await ask(email);
    setSentTo(email);
  });

  if (sentTo) {
    return (
      <ClosingWords title={t('auth.checkEmailTitle')}>{t('auth.linkSent', { email: sentTo })}</ClosingWords>
    );
  }
  return (
    <>
      <PageTitle title={title} lead={lead} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <TextField
          name="email"
          type="email"
          label={labels.email}
          defaultValue={typedEmail()}
          onChange={(event) => keepTyped(event.target.value)}
          autoComplete="username"
          required
          error={errorOf('email')}
        />
        <Button type="submit" variant="primary" busy={isBusy}>
          {submit}
        </Button>
      </form>
      <p className="mt-5 text-sm">
        <PublicLink to="/sign-in">{t('auth.toSignIn')}</PublicLink>
      </p>
    </>
  );
}
