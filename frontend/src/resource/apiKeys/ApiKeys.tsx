import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey, NewApiKey } from '@/api/types';
import { t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { ApiKeyItem } from './ApiKeyItem';
import { CreateKeyDialog } from './CreateKeyDialog';
import type { KeyKeeper } from './keeper';
import { NewKeyDialog } from './NewKeyDialog';

interface Properties {
  keeper: KeyKeeper;
  lead: string;
  mayChange: boolean;
}

type Asking = { what: 'create' } | { what: 'keep'; created: NewApiKey } | { what: 'delete'; key: ApiKey };

/** Somebody's API keys: what there is, how one is made, and how one ends. */
export function ApiKeys({ keeper, lead, mayChange }: Properties) {
  const cache = useQueryClient();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: keeper.queryKey, queryFn: keeper.list });
  const changed = () => cache.invalidateQueries({ queryKey: keeper.queryKey });
  const close = () => setAsking(null);

  async function remove(key: ApiKey) {
    await keeper.remove(key.id);
    await changed();
    say(t('apiKeys.deleted', { name: key.name }));
    close();
  }

  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />;
  return (
    <Card
      title={t('apiKeys.title')}
      lead={lead}
      actions={
        mayChange && <Button onClick={() => setAsking({ what: 'create' })}>{t('apiKeys.create')}</Button>
      }
    >
      {!data && <Skeleton />}
      {data?.items.length === 0 && <p className="text-muted">{t('apiKeys.none')}</p>}
      {data && data.items.length > 0 && (
        <ul className="divide-y divide-line">
          {data.items.map((key) => (
            <ApiKeyItem
              key={key.id}
              apiKey={key}
              onDelete={mayChange ? () => setAsking({ what: 'delete', key }) : undefined}
            />
          ))}
        </ul>
      )}
      {asking?.what === 'create' && (
        <CreateKeyDialog
          create={keeper.create}
          onCreated={async (created) => {
            setAsking({ what: 'keep', created });
            await changed();
          }}
          onClose={close}
        />
      )}
      {asking?.what === 'keep' && <NewKeyDialog created={asking.created} onClose={close} />}
      {asking?.what === 'delete' && (
        <ConfirmDialog
          title={t('apiKeys.askDelete', { name: asking.key.name })}
          confirm={t('action.delete')}
          isDangerous
          act={() => remove(asking.key)}
          onClose={close}
        >
          <p className="text-muted">{t('apiKeys.explainDelete')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
