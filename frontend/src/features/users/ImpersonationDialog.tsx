import { actAs } from '@/access/session';
import type { User } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { go } from '@/ui/location';
import { userName } from './userName';
import { impersonate } from './usersApi';

const labels = { reason: t('impersonation.reason') };

/** Asks why, and goes on in the user's name. */
export function ImpersonationDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    const grant = await impersonate(user.id, String(data.get('reason')));
    // Their start page: whether they may see this one is another matter.
    go('/', 'push');
    await actAs(user.id, grant);
  });
  return (
    <Dialog title={t('impersonation.title', { name: userName(user) })} onClose={onClose}>
      <form {...form} className="grid gap-4">
        <p className="text-muted">{t('impersonation.lead')}</p>
        <ErrorSummary problem={problem} labels={labels} />
        <Field label={labels.reason} help={t('impersonation.reasonHelp')} error={errorOf('reason')}>
          {(control) => (
            <textarea
              {...control}
              name="reason"
              rows={3}
              maxLength={500}
              className="w-full rounded-lg border border-control bg-surface px-3 py-2 text-ink aria-invalid:border-danger aria-invalid:bg-danger-soft/40"
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            {t('impersonation.confirm')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
