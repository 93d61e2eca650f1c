import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { asProblem } from '@/api/problem';
import { useConfig } from '@/api/useConfig';
import { problemText, t } from '@/locales/text';
import { LastUsed } from '@/resource/detail/LastUsed';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Moment } from '@/ui/Moment';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { beginIdentityLink, listOwnIdentities, unlinkIdentity } from './accountApi';

const queryKey = ['account', 'identities'];

/** The accounts elsewhere that sign in to one's own. Not shown where there is neither a provider nor such an account. */
export function OwnIdentities() {
  const cache = useQueryClient();
  const config = useConfig();
  const outcome = useOutcome();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: listOwnIdentities });
  const providers = config?.oidc_providers ?? [];
  const labelOf = (name: string) => providers.find((provider) => provider.name === name)?.label ?? name;

  async function attempt(act: () => Promise<unknown>) {
    try {
      await act();
    } catch (failure) {
      say(problemText(asProblem(failure)), 'danger');
    }
  }

  const link = (provider: string) =>
    attempt(async () => location.assign((await beginIdentityLink(provider)).url));

  const unlink = (id: string) =>
    attempt(async () => {
      await unlinkIdentity(id);
      await cache.invalidateQueries({ queryKey });
      say(t('account.unlinked'));
    });

  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  if (providers.length === 0 && !data?.items.length) return null;
  return (
    <Card
      title={t('account.identities')}
      lead={t('account.identitiesLead')}
      actions={providers.map(({ name, label }) => (
        <Button key={name} className="min-w-0 max-w-full" onClick={() => void link(name)}>
          <span className="truncate">{t('account.linkIdentity', { provider: label })}</span>
        </Button>
      ))}
    >
      {outcome && (
        <Notice tone={outcome === 'linked' ? 'info' : 'danger'}>
          {outcome === 'linked' ? t('account.identityLinked') : problemText({ code: outcome, message: '' })}
        </Notice>
      )}
      {!data && <Skeleton />}
      {data?.items.length === 0 && <p className="text-muted">{t('account.noIdentities')}</p>}
      <ul className="divide-y divide-line">
        {data?.items.map(({ id, provider, email, created_at, last_used_at }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 grow basis-72">
              <p className="font-medium">{labelOf(provider)}</p>
              <p className="text-sm text-muted wrap-anywhere">
                {email} · <LastUsed time={last_used_at} /> · {t('account.linkedAt')}{' '}
                <Moment time={created_at} />
              </p>
            </div>
            <Button
              size="small"
              aria-label={t('account.unlinkIdentity', { provider: labelOf(provider) })}
              onClick={() => void unlink(id)}
            >
              {t('account.unlink')}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What came of going to a provider to link an account there. It is said once, and not again when the page is loaded anew. */
function useOutcome(): string | null {
  const [outcome] = useState(() => new URLSearchParams(location.search).get('identity'));
  const navigate = useNavigate();
  useEffect(() => {
    if (outcome) void navigate({ to: '/account', search: { tab: 'security' }, replace: true });
  }, [outcome, navigate]);
  return outcome;
}
