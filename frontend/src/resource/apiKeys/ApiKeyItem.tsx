import { KeyRound } from 'lucide-react';
import type { ApiKey } from '@/api/types';
import { t } from '@/locales/text';
import { formatMoment } from '@/locales/time';
import { LastUsed } from '@/resource/detail/LastUsed';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';

interface Properties {
  apiKey: ApiKey;
  onDelete: (() => void) | undefined;
}

export function ApiKeyItem({ apiKey, onDelete }: Properties) {
  const { name, prefix, permissions, allowed_networks: networks, expires_at: expiresAt } = apiKey;
  const hasExpired = Boolean(expiresAt && new Date(expiresAt) <= new Date());
  const scope = permissions.length > 0 ? permissions.join(', ') : t('apiKeys.noPermissions');
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="flex min-w-0 grow basis-72 items-start gap-4">
        <KeyRound className="mt-0.5 size-5 shrink-0 text-muted" aria-hidden="true" />
        <div className="grid min-w-0 gap-0.5 text-sm text-muted">
          <p className="flex flex-wrap items-center gap-2 text-base font-medium wrap-anywhere text-ink">
            {name}
            {hasExpired && <Chip tone="danger">{t('apiKeys.expired')}</Chip>}
          </p>
          <p>
            <code>{prefix}…</code> · <LastUsed time={apiKey.last_used_at} /> ·{' '}
            {expiresAt
              ? t('apiKeys.expires', { moment: formatMoment(expiresAt) })
              : t('apiKeys.neverExpires')}
          </p>
          <p className="wrap-anywhere">
            {apiKey.all_permissions
              ? t('apiKeys.allPermissions')
              : t('apiKeys.mayDo', { permissions: scope })}
          </p>
          {networks.length > 0 && (
            <p className="wrap-anywhere">{t('apiKeys.from', { networks: networks.join(', ') })}</p>
          )}
        </div>
      </div>
      {onDelete && (
        <Button size="small" aria-label={t('apiKeys.deleteOf', { name })} onClick={onDelete}>
          {t('action.delete')}
        </Button>
      )}
    </li>
  );
}
