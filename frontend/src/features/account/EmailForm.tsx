import { useState } from 'react';
import { useMe } from '@/access/useSession';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { TextField } from '@/ui/TextField';
import { changeEmail } from './accountApi';

const labels = { email: t('account.newEmail') };

/** Asks at a new address, which counts once the link that is mailed there was used. */
export function EmailForm() {
  const me = useMe();
  const [askedAt, setAskedAt] = useState<string | null>(null);
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const email = String(data.get('email')).trim();
    await changeEmail(email);
    form.ref.current?.reset();
    setAskedAt(email);
  });

  return (
    <Card title={t('account.email')}>
      <p className="mb-4 text-sm text-muted">{t('account.emailNow', { email: me.email })}</p>
      <form {...form} className="grid gap-5">
        {askedAt && <Notice>{t('account.emailAsked', { email: askedAt })}</Notice>}
        <ErrorSummary problem={problem} labels={labels} />
        <TextField
          name="email"
          type="email"
          label={labels.email}
          autoComplete="email"
          required
          error={errorOf('email')}
        />
        <Button type="submit" variant="primary" busy={isBusy} className="justify-self-start">
          {t('account.changeEmail')}
        </Button>
      </form>
    </Card>
  );
}
