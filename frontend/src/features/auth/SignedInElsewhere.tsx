import { useEffect, useRef, useState } from 'react';
import { asProblem } from '@/api/problem';
import type { SignInAnswer } from '@/api/types';
import { problemText, t } from '@/locales/text';
import { go, nextAddress } from '@/ui/location';
import { Notice } from '@/ui/Notice';
import { PageTitle } from '@/ui/PageTitle';
import { PublicLink } from '@/ui/PublicLink';
import { redeemCode } from './linkApi';
import { SignInSteps } from './SignInSteps';

/** Where the way back from a provider ends: its code becomes a session. */
export default function SignedInElsewhere() {
  const [{ code, next }] = useState(() => ({
    code: new URLSearchParams(location.search).get('code') ?? '',
    next: nextAddress(),
  }));
  return (
    <SignInSteps onEntered={() => go(next, 'replace')}>
      {(goOn) => <Redemption code={code} onAnswer={goOn} />}
    </SignInSteps>
  );
}

interface Properties {
  code: string;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}

function Redemption({ code, onAnswer }: Properties) {
  const [failure, setFailure] = useState<string | null>(null);
  const begun = useRef(false);
  useEffect(() => {
    // The code is good once.
    if (begun.current) return;
    begun.current = true;
    redeemCode(code)
      .then(onAnswer)
      .catch((error: unknown) => setFailure(problemText(asProblem(error))));
  }, [code, onAnswer]);

  return (
    <>
      <PageTitle title={t('auth.elsewhereTitle')} lead={failure ? undefined : t('auth.elsewhereLead')} />
      {failure && (
        <div className="mt-6 grid gap-5">
          <Notice tone="danger">{failure}</Notice>
          <p className="text-sm">
            <PublicLink to="/sign-in">{t('auth.toSignIn')}</PublicLink>
          </p>
        </div>
      )}
    </>
  );
}
