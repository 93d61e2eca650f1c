import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { counted, formatCount, t } from '@/locales/text';
import { SectionProblem } from '@/resource/SectionProblem';
import { Card } from '@/ui/Card';
import { SelectField } from '@/ui/SelectField';
import { Skeleton } from '@/ui/Skeleton';
import { AttentionList } from './AttentionList';
import { fetchOverview } from './overviewApi';
import { SignInChart } from './SignInChart';
import { SignInTable } from './SignInTable';
import { sum } from './signInDays';
import { UserCounts } from './UserCounts';

const periods = [7, 30, 90, 365];

/** How things stand, for those who may see users. */
export function Overview() {
  const [days, setDays] = useState(30);
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', days],
    queryFn: ({ signal }) => fetchOverview(days, signal),
    placeholderData: keepPreviousData,
  });

  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const { ok, refused } = sum(data.sign_ins);
  const shown = data.sign_ins.length;
  return (
    <div className="grid gap-5">
      {error && <SectionProblem error={error} retry={() => void refetch()} />}
      <UserCounts counts={data.users} />
      <AttentionList attention={data.attention} />
      <Card
        title={t('overview.signIns')}
        lead={t('overview.signInsLead', { ok: formatCount(ok), refused: formatCount(refused), days: shown })}
        actions={
          <SelectField
            label={t('overview.period')}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            options={periods.map((period) => ({
              value: String(period),
              label: counted('overview.days', period),
            }))}
          />
        }
      >
        {ok + refused === 0 ? (
          <p className="text-muted">{t('overview.quiet')}</p>
        ) : (
          // Another period is another chart: the day that was looked at may not be in it.
          <SignInChart key={shown} days={data.sign_ins} />
        )}
        <SignInTable days={data.sign_ins} />
      </Card>
    </div>
  );
}
