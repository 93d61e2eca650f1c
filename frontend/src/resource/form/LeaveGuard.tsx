import { useBlocker } from '@tanstack/react-router';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { Dialog, DialogActions } from '@/ui/Dialog';

/** Asks before what was changed and not saved is left behind, for another page or another site. */
export function LeaveGuard({ mayLeave }: { mayLeave: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => !mayLeave,
    enableBeforeUnload: !mayLeave,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Dialog title={t('resource.leaveTitle')} onClose={reset}>
      <p className="text-muted">{t('resource.leaveExplained')}</p>
      <DialogActions>
        <Button onClick={reset}>{t('resource.stay')}</Button>
        <Button variant="danger" onClick={proceed}>
          {t('resource.leave')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
