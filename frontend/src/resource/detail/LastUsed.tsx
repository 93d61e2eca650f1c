import { t } from '@/locales/text';
import { Moment } from '@/ui/Moment';

export function LastUsed({ time }: { time: string | null | undefined }) {
  if (!time) return t('resource.neverUsed');
  return (
    <>
      {t('resource.lastUsed')} <Moment time={time} />
    </>
  );
}
