import { useEffect, useState, useSyncExternalStore } from 'react';
import { areSupported, presentPasskey } from '@/access/passkeys';
import {
  askForOwnPasskey,
  giveUp,
  isProofWanted,
  onProofWantedChange,
  ownWays,
  prove,
  wantedProof,
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
import { PasswordLinkButton } from './PasswordLinkButton';

/** Asks in place for a proof when any request needs a recent one; what was asked for then goes on by itself. */
export function ReauthenticationDialog() {
  const isWanted = useSyncExternalStore(onProofWantedChange, isProofWanted);
  return isWanted && <ProofDialog />;
}

const ways = {
  passkey: PasskeyForm,
  code: () => <CodeForm method="totp" />,
  recovery_code: () => <CodeForm method="recovery_code" />,
  password: PasswordForm,
};
type Way = keyof typeof ways;

function ProofDialog() {
  const { mfa_enabled: hasAuthenticator } = useMe();
  const own = useOwnWays();
  const wanted = useSyncExternalStore(onProofWantedChange, wantedProof);
  const takesPassword = wanted === 'any';
  const [chosen, setWay] = useState<Way>('password');
  const way = chosen === 'password' && !takesPassword ? 'code' : chosen;
  const offered = {
    passkey: own.passkey && areSupported(),
    code: hasAuthenticator,
    recovery_code: hasAuthenticator && way !== 'password',
    password: takesPassword,
  };
  const ProofForm = way === 'password' && !own.password ? NoPassword : ways[way];
  return (
    <Dialog title={t('auth.reauthenticateTitle')} onClose={giveUp}>
      <p className="text-muted">
        {t(takesPassword ? 'auth.reauthenticate' : 'auth.reauthenticateBySecondFactor')}
      </p>
      <ProofForm />
      {(Object.keys(ways) as Way[])
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

/** What there is to prove it by, which is asked while the dialog is shown: most have a password and no passkey. */
function useOwnWays() {
  const [own, setOwn] = useState({ passkey: false, password: true });
  useEffect(() => {
    // Without an answer there are the other ways.
    ownWays().then(setOwn, () => {});
  }, []);
  return own;
}

/** Who has signed in by a link, or elsewhere, may have nothing to prove it by. */
function NoPassword() {
  return (
    <>
      <p>{t('auth.reauthenticateNoPassword')}</p>
      <DialogActions>
        <Button onClick={giveUp}>{t('action.cancel')}</Button>
        <PasswordLinkButton onSent={giveUp} />
      </DialogActions>
    </>
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

function CodeForm({ method }: { method: 'totp' | 'recovery_code' }) {
  const { form, isBusy, problem, errorOf } = useSubmission((data) =>
    prove({ method, code: String(data.get('code')) }).catch(refusedAt('code', 'wrong_code')),
  );
  const label = t(`mfa.code.${method}`);
  return (
    <form {...form} className="grid gap-4">
      <ErrorSummary problem={problem} labels={{ code: label }} />
      <CodeField
        name="code"
        label={label}
        kind={method === 'totp' ? 'number' : 'letters'}
        autoFocus
        error={errorOf('code')}
      />
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
