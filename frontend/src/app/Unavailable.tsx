import { useEffect } from 'react';
import { startSession } from '@/access/session';
import { t } from '@/locales/text';
import { Outage } from '@/ui/Outage';

const pause = 5000;

/** The server does not answer, so that nobody knows who is here; asks again now and then, and goes on when it does. */
export function Unavailable() {
  useEffect(() => {
    const timer = setInterval(() => void startSession(), pause);
    return () => clearInterval(timer);
  }, []);
  return (
    <Outage title={t('page.unavailableTitle')} retry={() => void startSession()}>
      {t('page.unavailable')}
    </Outage>
  );
}
