import type { ReactNode } from 'react';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { TextField } from '@/ui/TextField';

interface Properties {
  title: string;
  confirm: string;
  name?: string;
  act: (name: string) => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks what to call a passkey, a new one or one that there is. */
export function PasskeyNameDialog({ title, confirm, name, act, onClose, children }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission((data) => act(String(data.get('name')).trim()));
  const label = t('passkeys.name');
  return (
    <Dialog title={title} onClose={onClose}>
      <form {...form} className="grid gap-4">
        {children}
        <ErrorSummary problem={problem} labels={{ name: label }} />
        <TextField
          name="name"
          label={label}
          help={t('passkeys.nameHelp')}
          defaultValue={name}
          maxLength={100}
          autoComplete="off"
          required
          error={errorOf('name')}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            {confirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
