import { KeyRound } from 'lucide-react';
import type { Passkey } from '@/api/types';
import { t } from '@/locales/text';
import { LastUsed } from '@/resource/detail/LastUsed';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Moment } from '@/ui/Moment';

interface Properties {
  passkey: Passkey;
  onRename: () => void;
  onRemove: () => void;
}

export function PasskeyItem({ passkey, onRename, onRemove }: Properties) {
  const { name } = passkey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="flex min-w-0 grow basis-72 items-start gap-4">
        <KeyRound className="mt-0.5 size-5 shrink-0 text-muted" aria-hidden="true" />
        <div className="grid min-w-0 gap-0.5 text-sm text-muted">
          <p className="flex flex-wrap items-center gap-2 text-base font-medium wrap-anywhere text-ink">
            {name}
            {passkey.backed_up && <Chip>{t('passkeys.backedUp')}</Chip>}
          </p>
          <p>
            {t('passkeys.since')} <Moment time={passkey.created_at} /> ·{' '}
            <LastUsed time={passkey.last_used_at} />
          </p>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="small" aria-label={t('passkeys.renameOf', { name })} onClick={onRename}>
          {t('passkeys.rename')}
        </Button>
        <Button size="small" aria-label={t('passkeys.removeOf', { name })} onClick={onRemove}>
          {t('passkeys.remove')}
        </Button>
      </div>
    </li>
  );
}
