import { VenetianMask } from 'lucide-react';
import { useEffect } from 'react';
import { stopActing } from '@/access/session';
import { useSession } from '@/access/useSession';
import { t } from '@/locales/text';
import { formatTime } from '@/locales/time';
import { Button } from '@/ui/Button';

/** Always in sight while one acts in somebody's name: who, as whom, until when, and the way back. */
export function ImpersonationBanner() {
  const session = useSession();
  const until = session.status === 'signed_in' ? session.actingUntil : undefined;
  useEffect(() => {
    if (until === undefined) return;
    const timer = setTimeout(() => void stopActing(), until - Date.now());
    return () => clearTimeout(timer);
  }, [until]);
  if (session.status !== 'signed_in' || !session.me.impersonator || until === undefined) return null;
  const { me } = session;
  return (
    <section
      aria-label={t('impersonation.region')}
      className="flex items-center gap-3 border-b border-line bg-warning-soft px-4 py-2 text-warning sm:px-6 lg:px-8"
    >
      <VenetianMask className="size-5 shrink-0" aria-hidden="true" />
      <p className="min-w-0 grow text-sm font-medium wrap-anywhere">
        {t('impersonation.banner', {
          impersonator: session.me.impersonator.email,
          name: me.display_name || me.username || me.email,
          until: formatTime(until),
        })}
      </p>
      <Button size="small" onClick={() => void stopActing()}>
        {t('impersonation.stop')}
      </Button>
    </section>
  );
}
