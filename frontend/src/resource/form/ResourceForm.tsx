import { useState } from 'react';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { changedFields, type FormValues } from './changedFields';
import { ErrorSummary } from './ErrorSummary';
import { type FormField, FormFields } from './FormFields';
import { LeaveGuard } from './LeaveGuard';
import { useSubmission } from './useSubmission';

interface Properties<Values> {
  fields: readonly FormField<Values>[];
  initial: Values;
  submit: string;
  onSubmit: (values: Values) => Promise<unknown>;
  onCancel?: () => void;
  /** Fetches the newest version after somebody else has saved one. */
  onReload?: () => void;
}

export function ResourceForm<Values extends FormValues>({
  fields,
  initial,
  submit,
  onSubmit,
  onCancel,
  onReload,
}: Properties<Values>) {
  const [values, setValues] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const { form, isBusy, problem, errorOf } = useSubmission(async () => {
    await onSubmit(values);
    setSaved(values);
  });
  const isChanged = Object.keys(changedFields(saved, values)).length > 0;
  const isOutdated = problem?.code === 'precondition_failed';
  const labels = Object.fromEntries(fields.map(({ name, label }) => [name, label]));

  return (
    <form {...form} className="grid gap-5">
      {isOutdated ? (
        <Notice tone="warning" title={t('resource.changedMeanwhileTitle')}>
          <p className="mb-3">{t('resource.changedMeanwhile')}</p>
          {onReload && <Button onClick={onReload}>{t('action.reload')}</Button>}
        </Notice>
      ) : (
        <ErrorSummary problem={problem} labels={labels} />
      )}
      <FormFields
        fields={fields}
        values={values}
        errorOf={errorOf}
        onChange={(name, value) => setValues((earlier) => ({ ...earlier, [name]: value }))}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={isBusy}>
          {submit}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t('action.cancel')}</Button>}
      </div>
      {/* Saving leads on by itself. */}
      <LeaveGuard mayLeave={isBusy || !isChanged} />
    </form>
  );
}
