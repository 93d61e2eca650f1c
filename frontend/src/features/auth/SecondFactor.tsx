import { type ReactNode, useEffect, useRef, useState } from 'react';
import { areSupported, presentPasskey } from '@/access/passkeys';
import { refusedAt } from '@/api/problem';
import type { MfaMethod, SignInAnswer } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { CodeField } from '@/ui/CodeField';
import { PageTitle } from '@/ui/PageTitle';
import { TextButton } from '@/ui/TextButton';
import { askForPasskeyOf, type CodeMethod, mailCode, proveSecondFactor } from './signInWith';
import { useWaitingTime } from './useWaitingTime';

interface Properties {
  challenge: string;
  methods: readonly MfaMethod[];
  onAnswer: (answer: SignInAnswer) => Promise<void>;
  onProblem: (error: unknown) => never;
  onLeave: () => void;
}

/** The second step of signing in, by one of the methods that the first was answered with. */
export function SecondFactor({ challenge, methods: named, onAnswer, onProblem, onLeave }: Properties) {
  const methods = areSupported() ? named : named.filter((one) => one !== 'passkey');
  const [method, setMethod] = useState<MfaMethod>(methods[0] ?? 'totp');
  const [isTrusted, setTrusted] = useState(false);
  const [isSent, setSent] = useState(false);
  const mailing = useSubmission(async () => {
    await mailCode(challenge).catch(onProblem);
    setSent(true);
  });
  const isMailed = method === 'email_code';

  async function prove(method: CodeMethod, code: string) {
    const proof = { challenge, method, code, trust_device: isTrusted };
    await onAnswer(await proveSecondFactor(proof).catch(onProblem).catch(refusedAt('code', 'wrong_code')));
  }

  async function proveByPasskey() {
    const passkey = await presentPasskey(await askForPasskeyOf(challenge).catch(onProblem));
    const proof = { challenge, method: 'passkey' as const, ...passkey, trust_device: isTrusted };
    await onAnswer(await proveSecondFactor(proof).catch(onProblem));
  }

  const trust = (
    <Checkbox
      label={t('mfa.trust')}
      help={t('mfa.trustHelp')}
      checked={isTrusted}
      onChange={(event) => setTrusted(event.target.checked)}
    />
  );

  return (
    <>
      <PageTitle title={t('mfa.title')} lead={t(`mfa.lead.${method}`)} />
      {isMailed && (
        <form {...mailing.form} className="mt-6 grid gap-3">
          <ErrorSummary problem={mailing.problem} labels={{}} />
          {/* There before it has anything to say: what appears together with its text is not read out. */}
          <p role="status" className={isSent ? 'text-muted' : 'sr-only'}>
            {isSent && !mailing.isBusy && t('mfa.sent')}
          </p>
          <Button
            type="submit"
            variant={isSent ? 'secondary' : 'primary'}
            busy={mailing.isBusy}
            className={isSent ? 'justify-self-start' : ''}
          >
            {t(isSent ? 'mfa.sendAgain' : 'mfa.send')}
          </Button>
        </form>
      )}
      {method === 'passkey' && <PasskeyForm onGo={proveByPasskey}>{trust}</PasskeyForm>}
      {method !== 'passkey' && (isSent || !isMailed) && (
        <CodeForm key={method} method={method} onCode={(code) => prove(method, code)}>
          {trust}
        </CodeForm>
      )}
      <div className="mt-5 grid justify-items-start gap-1">
        {methods
          .filter((other) => other !== method)
          .map((other) => (
            <TextButton key={other} onClick={() => setMethod(other)}>
              {t(`mfa.instead.${other}`)}
            </TextButton>
          ))}
        <TextButton onClick={onLeave}>{t('auth.toSignIn')}</TextButton>
      </div>
    </>
  );
}

interface PasskeyFormProperties {
  onGo: () => Promise<void>;
  children: ReactNode;
}

function PasskeyForm({ onGo, children }: PasskeyFormProperties) {
  const { form, isBusy, problem } = useSubmission(onGo);
  return (
    <form {...form} className="mt-6 grid gap-5">
      <ErrorSummary problem={problem} labels={{}} />
      {children}
      <Button type="submit" variant="primary" busy={isBusy}>
        {t('passkeys.use')}
      </Button>
    </form>
  );
}

interface CodeFormProperties {
  method: CodeMethod;
  onCode: (code: string) => Promise<void>;
  children: ReactNode;
}

function CodeForm({ method, onCode, children }: CodeFormProperties) {
  const field = useRef<HTMLInputElement>(null);
  const { form, isBusy, problem, errorOf } = useSubmission((data) => onCode(String(data.get('code'))));
  const label = t(`mfa.code.${method}`);
  const shown = useWaitingTime(problem);

  useEffect(() => {
    // After the title has taken the focus, as each page's does: here there is one thing to do.
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);

  return (
    <form {...form} className="mt-6 grid gap-5">
      <ErrorSummary problem={shown} labels={{ code: label }} />
      <CodeField
        ref={field}
        name="code"
        label={label}
        kind={method === 'recovery_code' ? 'letters' : 'number'}
        error={errorOf('code')}
      />
      {children}
      <Button type="submit" variant="primary" busy={isBusy}>
        {t('mfa.confirm')}
      </Button>
    </form>
  );
}
