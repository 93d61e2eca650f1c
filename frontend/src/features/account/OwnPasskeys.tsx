import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { areSupported, makePasskey } from '@/access/passkeys';
import type { Passkey } from '@/api/types';
import { useConfig } from '@/api/useConfig';
import { t } from '@/locales/text';
import { ConfirmDialog } from '@/resource/ConfirmDialog';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Skeleton } from '@/ui/Skeleton';
import { say } from '@/ui/toast';
import { PasskeyItem } from './PasskeyItem';
import { PasskeyNameDialog } from './PasskeyNameDialog';
import { addPasskey, beginPasskey, listPasskeys, removePasskey, renamePasskey } from './passkeyApi';

const queryKey = ['account', 'passkeys'];

type Asking = { to: 'add' } | { to: 'rename' | 'remove'; passkey: Passkey };

/** One's own passkeys; where the server can't have any, there is nothing to see. */
export function OwnPasskeys() {
  const cache = useQueryClient();
  const config = useConfig();
  const isKnown = Boolean(config?.sign_in_methods.includes('passkey'));
  const [asking, setAsking] = useState<Asking>();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: listPasskeys, enabled: isKnown });

  async function changed(what: string) {
    // They are second factors, too.
    await cache.invalidateQueries({ queryKey: ['account'] });
    say(what);
    setAsking(undefined);
  }

  async function add(name: string) {
    await addPasskey(name, await makePasskey(await beginPasskey()));
    await changed(t('passkeys.added'));
  }

  async function rename(passkey: Passkey, name: string) {
    await renamePasskey(passkey.id, name);
    await changed(t('passkeys.renamed'));
  }

  async function remove(passkey: Passkey) {
    await removePasskey(passkey.id);
    await changed(t('passkeys.removed'));
  }

  if (!isKnown) return null;
  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />;
  const close = () => setAsking(undefined);
  return (
    <Card
      title={t('passkeys.section')}
      lead={t('passkeys.sectionLead')}
      actions={
        areSupported() && <Button onClick={() => setAsking({ to: 'add' })}>{t('passkeys.add')}</Button>
      }
    >
      {!data && <Skeleton />}
      {!areSupported() && <p className="text-muted">{t('passkeys.unsupported')}</p>}
      {data?.items.length === 0 && <p className="text-muted">{t('passkeys.none')}</p>}
      {data && data.items.length > 0 && (
        <ul className="divide-y divide-line">
          {data.items.map((passkey) => (
            <PasskeyItem
              key={passkey.id}
              passkey={passkey}
              onRename={() => setAsking({ to: 'rename', passkey })}
              onRemove={() => setAsking({ to: 'remove', passkey })}
            />
          ))}
        </ul>
      )}
      {asking?.to === 'add' && (
        <PasskeyNameDialog
          title={t('passkeys.addTitle')}
          confirm={t('passkeys.addConfirm')}
          act={add}
          onClose={close}
        >
          <p className="text-muted">{t('passkeys.addLead')}</p>
        </PasskeyNameDialog>
      )}
      {asking?.to === 'rename' && (
        <PasskeyNameDialog
          title={t('passkeys.renameTitle')}
          confirm={t('passkeys.renameConfirm')}
          name={asking.passkey.name}
          act={(name) => rename(asking.passkey, name)}
          onClose={close}
        />
      )}
      {asking?.to === 'remove' && (
        <ConfirmDialog
          title={t('passkeys.askRemove', { name: asking.passkey.name })}
          confirm={t('passkeys.remove')}
          isDangerous
          act={() => remove(asking.passkey)}
          onClose={close}
        >
          <p className="text-muted">{t('passkeys.explainRemove')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
