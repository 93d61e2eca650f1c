import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refreshMe } from '@/access/session';
import type { TotpOffer } from '@/api/types';
import { t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { SectionProblem } from '@/resource/SectionProblem';
import { Card } from '@/ui/Card';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { mfaQuery, removeTotp, replaceRecoveryCodes } from './mfaApi';
import { RecoveryCodes } from './RecoveryCodes';
import { SecondFactorStatus } from './SecondFactorStatus';
import { TotpSetUp } from './TotpSetUp';

type Step =
  | { at: 'status'; asking?: 'remove' | 'codes' }
  | { at: 'setUp'; offer: TotpOffer }
  | { at: 'codes'; codes: readonly string[] };

/** One's own second factor: what is set up, the steps that set it up, and how it ends. */
export function SecondFactor() {
  const cache = useQueryClient();
  const [step, setStep] = useState<Step>({ at: 'status' });
  const { data, error, refetch } = useQuery(mfaQuery);
  const showStatus = () => setStep({ at: 'status' });

  function changed() {
    refreshMe();
    return cache.invalidateQueries({ queryKey: mfaQuery.queryKey });
  }

  async function keep({ recovery_codes: codes }: { recovery_codes: string[] }) {
    setStep({ at: 'codes', codes });
    await changed();
  }

  async function remove() {
    await removeTotp();
    await changed();
    say(t('mfa.removed'));
    showStatus();
  }

  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />;
  return (
    <Card title={t('mfa.section')} lead={t('mfa.sectionLead')}>
      {!data && <Skeleton />}
      {data && step.at === 'status' && (
        <SecondFactorStatus
          status={data}
          onOffer={(offer) => setStep({ at: 'setUp', offer })}
          onRemove={() => setStep({ at: 'status', asking: 'remove' })}
          onNewCodes={() => setStep({ at: 'status', asking: 'codes' })}
        />
      )}
      {step.at === 'setUp' && <TotpSetUp offer={step.offer} onConfirmed={keep} onCancel={showStatus} />}
      {step.at === 'codes' && <RecoveryCodes codes={step.codes} onKept={showStatus} />}
      {step.at === 'status' && step.asking === 'remove' && (
        <ConfirmDialog
          title={t('mfa.askRemove')}
          confirm={t('mfa.remove')}
          isDangerous
          act={remove}
          onClose={showStatus}
        >
          <p className="text-muted">{t('mfa.explainRemove')}</p>
        </ConfirmDialog>
      )}
      {step.at === 'status' && step.asking === 'codes' && (
        <ConfirmDialog
          title={t('mfa.askNewCodes')}
          confirm={t('mfa.newCodes')}
          act={async () => keep(await replaceRecoveryCodes())}
          onClose={showStatus}
        >
          <p className="text-muted">{t('mfa.explainNewCodes')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
