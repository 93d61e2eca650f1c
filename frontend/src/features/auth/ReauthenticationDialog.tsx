import { useEffect, useState } from 'react';
import { answer, api, handle } from '@/api/client';
import { keepToken } from '@/api/credentials';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { PasswordField } from '@/ui/PasswordField';

/** Asks for the password in place when an act needs a fresh sign-in; the act then goes on by itself. */
export function ReauthenticationDialog() {
  const [waiting, setWaiting] = useState<((isFresh: boolean) => void)[]>([]);

  useEffect(() => {
    handle({
      onReauthenticationRequired: () =>
        new Promise((resolve) => setWaiting((earlier) => [...earlier, resolve])),
    });
    return () => handle({ onReauthenticationRequired: () => Promise.resolve(false) });
  }, []);

  function finish(isFresh: boolean) {
    for (const resolve of waiting) resolve(isFresh);
    setWaiting([]);
  }

  return waiting.length > 0 && <PasswordDialog onFinish={finish} />;
}

function PasswordDialog({ onFinish }: { onFinish: (isFresh: boolean) => void }) {
  const { form, isBusy, problem } = useSubmission(async (data) => {
    const answered = await answer(
      api.POST('/api/v1/auth/reauthenticate', { body: { password: String(data.get('password')) } }),
    );
    if ('access_token' in answered) keepToken(answered.access_token);
    onFinish(true);
  });
  return (
    <Dialog title={t('auth.reauthenticateTitle')} onClose={() => onFinish(false)}>
      <p className="text-muted">{t('auth.reauthenticate')}</p>
      <form {...form} className="grid gap-4">
        <ErrorSummary problem={problem} labels={{}} />
        <PasswordField name="password" label={t('auth.password')} required autoFocus />
        <DialogActions>
          <Button onClick={() => onFinish(false)}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            {t('auth.reauthenticateConfirm')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
