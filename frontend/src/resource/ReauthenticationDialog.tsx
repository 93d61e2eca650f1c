import { useState, useSyncExternalStore } from 'react';
import { giveUp, isProofWanted, onProofWantedChange, prove } from '@/access/reauthentication';
import { useMe } from '@/access/useSession';
import { refusedAt } from '@/api/problem';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { CodeField } from '@/ui/CodeField';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { PasswordField } from '@/ui/PasswordField';
import { TextButton } from '@/ui/TextButton';
import { ErrorSummary } from './form/ErrorSummary';
import { useSubmission } from './form/useSubmission';

/** Asks in place for a proof when any request needs a recent one; what was asked for then goes on by itself. */
export function ReauthenticationDialog() {
  const isWanted = useSyncExternalStore(onProofWantedChange, isProofWanted);
  return isWanted && <ProofDialog />;
}

function ProofDialog() {
  const { mfa_enabled: hasAuthenticator } = useMe();
  const [isByCode, setByCode] = useState(false);
  return (
    <Dialog title={t('auth.reauthenticateTitle')} onClose={giveUp}>
      <p className="text-muted">{t('auth.reauthenticate')}</p>
      {isByCode ? <CodeForm /> : <PasswordForm />}
      {hasAuthenticator && (
        <TextButton onClick={() => setByCode(!isByCode)}>
          {t(isByCode ? 'auth.reauthenticateByPassword' : 'auth.reauthenticateByCode')}
        </TextButton>
      )}
    </Dialog>
  );
}

function PasswordForm() {
  const { form, isBusy, problem, errorOf } = useSubmission((data) =>
    prove({ password: String(data.get('password')) }).catch(refusedAt('password', 'wrong_password')),
  );
  const label = t('auth.password');
  return (
    <form {...form} className="grid gap-4">
      <ErrorSummary problem={problem} labels={{ password: label }} />
      <PasswordField name="password" label={label} required autoFocus error={errorOf('password')} />
      <Actions isBusy={isBusy} />
    </form>
  );
}

function CodeForm() {
  const { form, isBusy, problem, errorOf } = useSubmission((data) =>
    prove({ method: 'totp', code: String(data.get('code')) }).catch(refusedAt('code', 'wrong_code')),
  );
  const label = t('mfa.code.totp');
  return (
    <form {...form} className="grid gap-4">
      <ErrorSummary problem={problem} labels={{ code: label }} />
      <CodeField name="code" label={label} autoFocus error={errorOf('code')} />
      <Actions isBusy={isBusy} />
    </form>
  );
}

function Actions({ isBusy }: { isBusy: boolean }) {
  return (
    <DialogActions>
      <Button onClick={giveUp}>{t('action.cancel')}</Button>
      <Button type="submit" variant="primary" busy={isBusy}>
        {t('auth.reauthenticateConfirm')}
      </Button>
    </DialogActions>
  );
}
