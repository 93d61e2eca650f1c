import type { NewApiKey } from '@/api/types';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { controlLook, Field } from '@/ui/Field';
import { SelectField } from '@/ui/SelectField';
import { TextField } from '@/ui/TextField';
import { KeyScope } from './KeyScope';
import type { KeyToCreate } from './keeper';
import { keyFrom, lifetimes } from './keyFrom';

interface Properties {
  create: (key: KeyToCreate) => Promise<NewApiKey>;
  onCreated: (created: NewApiKey) => Promise<unknown>;
  onClose: () => void;
}

const labels = {
  name: t('apiKeys.name'),
  permissions: t('apiKeys.permissions'),
  expires_at: t('apiKeys.lifetime'),
  allowed_networks: t('apiKeys.networks'),
};

export function CreateKeyDialog({ create, onCreated, onClose }: Properties) {
  const { form, isBusy, problem, errorOf } = useSubmission(async (data) => {
    await onCreated(await create(keyFrom(data, new Date())));
  });
  return (
    <Dialog title={t('apiKeys.createTitle')} onClose={onClose}>
      <form {...form} className="grid gap-5">
        <ErrorSummary problem={problem} labels={labels} />
        <TextField
          name="name"
          label={labels.name}
          help={t('apiKeys.nameHelp')}
          maxLength={100}
          autoComplete="off"
          required
          error={errorOf('name')}
        />
        <KeyScope label={labels.permissions} error={errorOf('permissions')} />
        <SelectField
          name="lifetime"
          label={labels.expires_at}
          error={errorOf('expires_at')}
          defaultValue="90"
          options={lifetimes.map(({ days, label }) => ({ value: String(days ?? ''), label: t(label) }))}
        />
        <Field
          label={labels.allowed_networks}
          help={t('apiKeys.networksHelp')}
          error={errorOf('allowed_networks')}
          optional
        >
          {(control) => (
            <textarea
              name="networks"
              rows={2}
              autoCapitalize="none"
              spellCheck={false}
              {...control}
              className={`${controlLook} h-auto py-2 touch:h-auto`}
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            {t('apiKeys.createConfirm')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
