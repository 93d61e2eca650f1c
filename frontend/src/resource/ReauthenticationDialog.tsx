import { useEffect, useState, useSyncExternalStore } from 'react';
import { areSupported, presentPasskey } from '@/access/passkeys';
import {
  askForOwnPasskey,
  giveUp,
  hasPasskey,
  isProofWanted,
  onProofWantedChange,
  prove,
} from '@/access/reauthentication';
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

const ways = { password: PasswordForm, code: CodeForm, passkey: PasskeyForm };
type Way = keyof typeof ways;

function ProofDialog() {
  const { mfa_enabled: hasAuthenticator } = useMe();
  const offersPasskey = usePasskeyOffer();
  const [way, setWay] = useState<Way>('password');
  const offered = { password: true, code: hasAuthenticator, passkey: offersPasskey };
  const ProofForm = ways[way];
  return (
    <Dialog title={t('auth.reauthenticateTitle')} onClose={giveUp}>
      <p className="text-muted">{t('auth.reauthenticate')}</p>
      <ProofForm />
      {(['passkey', 'code', 'password'] as const)
        .filter((other) => other !== way && offered[other])
        .map((other) => (
          <TextButton key={other} onClick={() => setWay(other)}>
            {t(`auth.reauthenticateBy.${other}`)}
          </TextButton>
        ))}
    </Dialog>
  );
}

function PasskeyForm() {
  const { form, isBusy, problem } = useSubmission(async () =>
    prove({ method: 'passkey', ...(await presentPasskey(await askForOwnPasskey())) }),
  );
  return (
    <form {...form} className="grid gap-4">
      <ErrorSummary problem={problem} labels={{}} />
      <p>{t('passkeys.useLead')}</p>
      <Actions isBusy={isBusy} />
    </form>
  );
}

/** Whether there is a passkey to prove it by, which is asked while the dialog is shown: few have one. */
function usePasskeyOffer(): boolean {
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    if (!areSupported()) return;
    // Without an answer there are the other ways.
    hasPasskey().then(setOffered, () => {});
  }, []);
  return isOffered;
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
