import { MonitorSmartphone } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Session } from '@/api/types';
import { type PlainKey, t } from '@/locales/text';
import { Chip } from '@/ui/Chip';
import { Moment } from '@/ui/Moment';
import { deviceName } from './deviceName';
import { LastUsed } from './LastUsed';

/** What sessions and devices have in common. */
type Row = Pick<Session, 'id' | 'created_at' | 'last_used_at' | 'ip' | 'user_agent' | 'current'> &
  Partial<Pick<Session, 'impersonated_by'>> & {
    trusted_until?: string | null;
  };

interface Properties {
  sessions: readonly Row[];
  /** What happened when it began. */
  began?: PlainKey;
  actions?: (session: Row, device: string) => ReactNode;
}

/** The devices on which somebody is signed in, or was. */
export function Sessions({ sessions, began = 'account.signedInAt', actions }: Properties) {
  return (
    <ul className="divide-y divide-line">
      {sessions.map((session) => {
        const device = deviceName(session.user_agent) ?? t('account.unknownDevice');
        return (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="flex min-w-0 grow basis-72 items-center gap-4">
              <MonitorSmartphone className="size-5 shrink-0 text-muted" aria-hidden="true" />
              <div className="min-w-0">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  {device}
                  {session.current && <Chip tone="good">{t('account.thisDevice')}</Chip>}
                  {session.trusted_until && <Chip>{t('account.trusted')}</Chip>}
                  {session.impersonated_by && (
                    <Chip tone="warning">
                      {t('impersonation.session', { email: session.impersonated_by.email })}
                    </Chip>
                  )}
                </p>
                <p className="text-sm text-muted">
                  {session.ip} · <LastUsed time={session.last_used_at} /> · {t(began)}{' '}
                  <Moment time={session.created_at} />
                </p>
              </div>
            </div>
            {actions?.(session, device)}
          </li>
        );
      })}
    </ul>
  );
}
