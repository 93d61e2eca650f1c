import { useRef, useState } from 'react';
import type { TotpOffer } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { buttonLook } from '@/ui/buttonLook';
import { CodeField } from '@/ui/CodeField';
import { copy } from '@/ui/copy';
import { controlLook, Field } from '@/ui/Field';
import { confirmTotp } from './mfaApi';
import { QrPicture } from './QrPicture';
import { StepTitle } from './StepTitle';

interface Properties {
  offer: TotpOffer;
  onConfirmed: (answer: { recovery_codes: string[] }) => Promise<void>;
  onCancel: () => void;
}

const labels = { code: t('mfa.firstCode') };

/** Brings the secret into the authenticator; nothing changes until a code has shown that it arrived. */
export function TotpSetUp({ offer, onConfirmed, onCancel }: Properties) {
  const secret = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState('');
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) =>
    onConfirmed(await confirmTotp(String(data.get('code')))),
  );

  async function copySecret() {
    const isCopied = await copy(offer.secret, null);
    if (!isCopied) secret.current?.select();
    setSaid(t(isCopied ? 'mfa.copied' : 'mfa.copyByHand'));
  }

  return (
    <div className="grid gap-5">
      <StepTitle title={t('mfa.scanTitle')}>{t('mfa.scanLead')}</StepTitle>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-5">
        <QrPicture svg={offer.qr_svg} label={t('mfa.qr')} />
        <div className="grid min-w-0 max-w-md grow basis-72 gap-5">
          <div className="grid gap-2">
            <Field label={t('mfa.secret')}>
              {(control) => (
                // In a field of one line its end would be out of sight on a phone.
                <textarea
                  {...control}
                  ref={secret}
                  value={offer.secret}
                  rows={2}
                  readOnly
                  autoComplete="off"
                  spellCheck={false}
                  onFocus={(event) => event.target.select()}
                  className={`${controlLook} h-auto resize-none py-2 font-mono break-all touch:h-auto`}
                />
              )}
            </Field>
            <div className="flex flex-wrap items-center gap-2">
              <Button size="small" onClick={() => void copySecret()}>
                {t('mfa.copySecret')}
              </Button>
              <a href={offer.otpauth_uri} className={buttonLook({ size: 'small' })}>
                {t('mfa.openApp')}
              </a>
              <p role="status" className="text-sm text-muted">
                {said}
              </p>
            </div>
          </div>
          <form {...form} className="grid gap-4">
            <ErrorSummary problem={problem} labels={labels} />
            <CodeField name="code" label={labels.code} error={errorOf('code')} />
            <div className="flex flex-wrap gap-2">
              <Button type="submit" variant="primary" busy={isBusy}>
                {t('mfa.confirmSetUp')}
              </Button>
              <Button onClick={onCancel}>{t('action.cancel')}</Button>
            </div>
          </form>
        </div>
      </div>
    </div>
  );
}
