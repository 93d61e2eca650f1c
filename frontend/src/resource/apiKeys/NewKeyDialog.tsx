import { useRef, useState } from 'react';
import type { NewApiKey } from '@/api/types';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { copy } from '@/ui/copy';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { Notice } from '@/ui/Notice';
import { TextField } from '@/ui/TextField';

/** The one time that a key is shown. */
export function NewKeyDialog({ created, onClose }: { created: NewApiKey; onClose: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [said, setSaid] = useState('');

  async function copyKey() {
    const isCopied = await copy(created.key, form.current?.querySelector('input') ?? null);
    setSaid(t(isCopied ? 'apiKeys.copied' : 'apiKeys.copyByHand'));
  }

  return (
    <Dialog title={t('apiKeys.keepTitle', { name: created.name })}>
      <Notice tone="warning">{t('apiKeys.keepWarning')}</Notice>
      <form
        ref={form}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
        }}
      >
        <TextField
          label={t('apiKeys.key')}
          value={created.key}
          readOnly
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => event.target.select()}
        />
        <p role="status" className="min-h-5 text-sm text-muted">
          {said}
        </p>
        <DialogActions>
          <Button onClick={() => void copyKey()}>{t('apiKeys.copy')}</Button>
          <Button type="submit" variant="primary">
            {t('apiKeys.kept')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
