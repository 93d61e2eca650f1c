import type { ReactNode } from 'react';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { ErrorSummary } from './form/ErrorSummary';
import { useSubmission } from './form/useSubmission';

interface Properties {
  title: string;
  confirm: string;
  isDangerous?: boolean;
  act: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before an act, and stays open with the reason when it is refused. */
export function ConfirmDialog({ title, confirm, isDangerous, act, onClose, children }: Properties) {
  const { form, isBusy, problem } = useSubmission(act);
  return (
    <Dialog title={title} onClose={onClose}>
      <form {...form} className="grid gap-4">
        {children}
        <ErrorSummary problem={problem} labels={{}} />
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant={isDangerous ? 'danger' : 'primary'} busy={isBusy}>
            {confirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
