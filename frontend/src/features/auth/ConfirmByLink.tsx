import { type ReactNode, useState } from 'react';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { PageTitle } from '@/ui/PageTitle';
import { ClosingWords } from './ClosingWords';
import { isSpent } from './SpentLink';
import { useLinkToken } from './useLinkToken';

interface Properties {
  title: string;
  lead: string;
  submit: string;
  doneTitle: string;
  done: string;
  confirm: (token: string) => Promise<unknown>;
  /** What is shown when the link is good no more. */
  spent: ReactNode;
}

/** What a mailed link asks for is done by a button: programs that look at links in mails must change nothing. */
export function ConfirmByLink({ title, lead, submit, doneTitle, done, confirm, spent }: Properties) {
  const token = useLinkToken();
  const [isDone, setDone] = useState(false);
  const { form, isBusy, problem } = useSubmission(async () => {
    await confirm(token ?? '');
    setDone(true);
  });

  if (!token) return <ClosingWords title={title}>{t('auth.linkIncomplete')}</ClosingWords>;
  if (isDone) return <ClosingWords title={doneTitle}>{done}</ClosingWords>;
  if (isSpent(problem)) return spent;
  return (
    <>
      <PageTitle title={title} lead={lead} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={{}} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {submit}
        </Button>
      </form>
    </>
  );
}
