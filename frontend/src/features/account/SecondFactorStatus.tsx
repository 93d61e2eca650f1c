import { Smartphone } from 'lucide-react';
import type { MfaStatus, TotpOffer } from '@/api/types';
import { counted, t } from '@/locales/text';
import { LastUsed } from '@/resource/detail/LastUsed';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Moment } from '@/ui/Moment';
import { Notice } from '@/ui/Notice';
import { beginTotp } from './mfaApi';

/** With so few codes left it is time for new ones; from here on the server mails about it, too. */
const few = 3;

interface Properties {
  status: MfaStatus;
  onOffer: (offer: TotpOffer) => void;
  onRemove: () => void;
  onNewCodes: () => void;
}

export function SecondFactorStatus({ status, onOffer, onRemove, onNewCodes }: Properties) {
  const { methods, required, recovery_codes_left: left } = status;
  const totp = methods.find(({ method }) => method === 'totp');
  if (!totp) {
    const isMet = methods.length > 0;
    return <NotSetUp isRequired={required} isMet={isMet} onOffer={onOffer} />;
  }
  const codesLeft = counted('mfa.codesLeft', left);
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="flex min-w-0 grow basis-72 items-center gap-4">
          <Smartphone className="size-5 shrink-0 text-muted" aria-hidden="true" />
          <div>
            <p className="font-medium">{t('mfa.totp')}</p>
            <p className="text-sm text-muted">
              {t('mfa.since')} <Moment time={totp.created_at} /> · <LastUsed time={totp.last_used_at} />
            </p>
            {left > few && <p className="text-sm text-muted">{codesLeft}</p>}
          </div>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={onNewCodes}>{t('mfa.newCodes')}</Button>
          <Button onClick={onRemove}>{t('mfa.remove')}</Button>
        </div>
      </div>
      {left <= few && (
        <Notice tone="warning" title={codesLeft}>
          {t('mfa.fewLeft')}
        </Notice>
      )}
    </div>
  );
}

interface NotSetUpProperties {
  isRequired: boolean;
  /** By a passkey, which signing in asks for where a second factor is required. */
  isMet: boolean;
  onOffer: (offer: TotpOffer) => void;
}

function NotSetUp({ isRequired, isMet, onOffer }: NotSetUpProperties) {
  const { form, isBusy, problem } = useSubmission(async () => onOffer(await beginTotp()));
  return (
    <form {...form} className="grid gap-4">
      <ErrorSummary problem={problem} labels={{}} />
      {isRequired && !isMet ? (
        <Notice>{t('mfa.required')}</Notice>
      ) : (
        <p className="text-muted">{t(isRequired ? 'mfa.passkeyAsked' : 'mfa.none')}</p>
      )}
      <Button
        type="submit"
        variant={isRequired && !isMet ? 'primary' : 'secondary'}
        busy={isBusy}
        className="justify-self-start"
      >
        {t('mfa.setUp')}
      </Button>
    </form>
  );
}
