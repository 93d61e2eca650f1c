import { KeyRound } from 'lucide-react';
import { useRef } from 'react';
import { type PasskeyAnswer, presentPasskey } from '@/access/passkeys';
import { usePasskeySupport } from '@/access/usePasskeySupport';
import type { SignInAnswer } from '@/api/types';
import { useConfig } from '@/api/useConfig';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Notice } from '@/ui/Notice';
import { PageTitle } from '@/ui/PageTitle';
import { PasswordField } from '@/ui/PasswordField';
import { PublicLink } from '@/ui/PublicLink';
import { TextField } from '@/ui/TextField';
import { mayRegister } from './mayRegister';
import { OtherWays } from './OtherWays';
import { askForAnyPasskey, signInWith, signInWithPasskey } from './signInWith';
import { keepTyped, typedName } from './typedName';
import { useFirstEmptyField } from './useFirstEmptyField';
import { usePasskeyFilledIn } from './usePasskeyFilledIn';
import { useWaitingTime } from './useWaitingTime';

const labels = { identifier: t('auth.identifier'), password: t('auth.password') };

interface Properties {
  /** Why one is here (again). */
  notice?: string;
  onAnswer: (answer: SignInAnswer) => Promise<void> | void;
}

export function SignInForm({ notice, onAnswer }: Properties) {
  const config = useConfig();
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const identifier = String(data.get('identifier')).trim();
    await onAnswer(await signInWith(identifier, String(data.get('password')), data.has('remember')));
  });

  const shown = useWaitingTime(problem);
  useFirstEmptyField(form.ref);

  const hasPasskeys = usePasskeySupport();
  const chosen = useRef<PasskeyAnswer>(null);
  const passkey = useSubmission(async () => {
    const filledIn = chosen.current;
    chosen.current = null;
    if (!filledIn) giveUpFillingIn();
    const answer = filledIn ?? (await presentPasskey(await askForAnyPasskey()));
    const remember = form.ref.current?.querySelector<HTMLInputElement>('[name="remember"]')?.checked ?? false;
    await onAnswer(await signInWithPasskey(answer, remember));
  });
  const giveUpFillingIn = usePasskeyFilledIn(hasPasskeys, (answer) => {
    chosen.current = answer;
    passkey.form.ref.current?.requestSubmit();
  });

  return (
    <>
      <PageTitle title={t('auth.signInTitle')} lead={t('auth.signInLead')} />
      <form {...form} className="mt-6 grid gap-5">
        {config?.setup_required && (
          <Notice title={t('auth.setupRequired')}>{t('auth.setupRequiredHelp')}</Notice>
        )}
        {notice && !problem && <Notice tone="warning">{notice}</Notice>}
        <ErrorSummary problem={shown} labels={labels} />
        <TextField
          name="identifier"
          label={labels.identifier}
          defaultValue={typedName()}
          onChange={(event) => keepTyped(event.target.value)}
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          required
          error={errorOf('identifier')}
        />
        <PasswordField name="password" label={labels.password} required error={errorOf('password')} />
        <Checkbox name="remember" label={t('auth.remember')} />
        <Button type="submit" variant="primary" busy={isBusy}>
          {t('auth.signIn')}
        </Button>
      </form>
      {hasPasskeys && (
        <form {...passkey.form} className="mt-3 grid gap-3">
          <ErrorSummary problem={passkey.problem} labels={{}} />
          <Button type="submit" busy={passkey.isBusy}>
            <KeyRound className="size-4" aria-hidden="true" />
            {t('auth.signInByPasskey')}
          </Button>
        </form>
      )}
      <OtherWays />
      <p className="mt-5 text-sm">
        <PublicLink to="/forgot-password">{t('auth.forgotLink')}</PublicLink>
      </p>
      {/* Its place is kept while the server is asked, so that nothing jumps. */}
      <p className="mt-3 min-h-6 text-sm text-muted">
        {config && mayRegister(config) && (
          <>
            {t('auth.noAccount')} <PublicLink to="/register">{t('auth.registerLink')}</PublicLink>
          </>
        )}
      </p>
      {/* Why a sign-in is refused is told nobody. Who registers may be asked to confirm an address. */}
      {config && mayRegister(config) && (
        <p className="mt-3 text-sm">
          <PublicLink to="/resend-verification">{t('auth.resendAtSignIn')}</PublicLink>
        </p>
      )}
    </>
  );
}
