import { useQuery, useQueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/problem';
import { problemText, t } from '@/locales/text';
import { Sessions } from '@/resource/detail/Sessions';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { forgetDevice, forgetOtherDevices, listOwnDevices } from './accountApi';

const queryKey = ['account', 'devices'];

/** The browsers that one has signed in on, signed in there or not. */
export function OwnDevices() {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: listOwnDevices });

  async function forget(act: () => Promise<unknown>, done: string) {
    try {
      await act();
      await cache.invalidateQueries({ queryKey });
      say(done);
    } catch (failure) {
      say(problemText(asProblem(failure)), 'danger');
    }
  }

  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  const devices = data?.items ?? [];
  return (
    <Card
      title={t('account.devices')}
      lead={t('account.devicesLead')}
      actions={
        devices.some(({ current }) => !current) && (
          <Button onClick={() => void forget(forgetOtherDevices, t('account.forgotOthers'))}>
            {t('account.forgetOthers')}
          </Button>
        )
      }
    >
      {!data && <Skeleton />}
      {data && devices.length === 0 && <p className="text-muted">{t('account.noDevices')}</p>}
      {data && (
        <Sessions
          sessions={devices}
          began="account.firstSeen"
          actions={(device, name) => (
            <Button
              size="small"
              aria-label={t('account.forgetDevice', { device: name })}
              onClick={() => void forget(() => forgetDevice(device.id), t('account.forgot'))}
            >
              {t('account.forget')}
            </Button>
          )}
        />
      )}
    </Card>
  );
}
