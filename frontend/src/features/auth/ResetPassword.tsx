import { useState } from 'react';
import { refreshMe } from '@/access/session';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { NewPasswordField } from '@/resource/form/NewPasswordField';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { PageTitle } from '@/ui/PageTitle';
import { ClosingWords } from './ClosingWords';
import { resetPassword } from './linkApi';
import { isSpent, SpentLink } from './SpentLink';
import { useLinkToken } from './useLinkToken';

const labels = { password: t('auth.newPassword') };

/** A new password, by the link that was mailed to somebody who forgot the old one. */
export default function ResetPassword() {
  const token = useLinkToken();
  const [isDone, setDone] = useState(false);
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    await resetPassword(token ?? '', String(data.get('password')));
    setDone(true);
    // It has ended all sessions: the one here may be among them.
    refreshMe();
  });

  if (!token) return <ClosingWords title={t('auth.resetTitle')}>{t('auth.linkIncomplete')}</ClosingWords>;
  if (isDone) return <ClosingWords title={t('auth.resetDoneTitle')}>{t('auth.resetDone')}</ClosingWords>;
  if (isSpent(problem)) return <SpentLink another="/forgot-password" />;
  return (
    <>
      <PageTitle title={t('auth.resetTitle')} lead={t('auth.resetLead')} />
      <form {...form} className="mt-6 grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <NewPasswordField name="password" label={labels.password} error={errorOf('password')} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.reset')}
        </Button>
      </form>
    </>
  );
}
