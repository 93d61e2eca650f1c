import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ImportReport } from '@/api/types';
import { counted, t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { useSubmission } from '@/resource/form/useSubmission';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Checkbox } from '@/ui/Checkbox';
import { controlLook, Field } from '@/ui/Field';
import { PageTitle } from '@/ui/PageTitle';
import { say } from '@/ui/toast';
import { ImportResult } from './ImportResult';
import { importUsers } from './usersApi';
import { useUsersChanged } from './useUser';

/** First a dry run that shows every mistake by its line, then, and only of a clean file, the import. */
export default function UserImportPage() {
  const navigate = useNavigate();
  const usersChanged = useUsersChanged();
  const [file, setFile] = useState<File | null>(null);
  const [invite, setInvite] = useState(false);
  const [report, setReport] = useState<ImportReport | null>(null);
  const isClean = report !== null && report.errors.length === 0 && report.rows > 0;

  const { form, isBusy, problem } = useSubmission(async () => {
    if (!file) return;
    if (!isClean) return setReport(await importUsers(file, { isDryRun: true, invite }));
    const { created } = await importUsers(file, { isDryRun: false, invite });
    await usersChanged();
    say(counted('users.importDone', created));
    await navigate({ to: '/users' });
  });

  return (
    <div className="grid max-w-3xl gap-6">
      <PageTitle title={t('users.importTitle')} lead={t('users.importLead')} />
      <Card>
        <form {...form} className="grid gap-5">
          <ErrorSummary problem={problem} labels={{}} />
          <Field label={t('users.importFile')}>
            {(control) => (
              <input
                type="file"
                required
                accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
                onChange={(event) => {
                  setFile(event.target.files?.[0] ?? null);
                  setReport(null);
                }}
                className={`${controlLook} h-auto py-1.5 pl-1.5 file:mr-3 file:h-8 file:rounded-md file:border-0 file:bg-sunken file:px-3 file:font-medium file:text-ink touch:h-auto touch:file:h-9`}
                {...control}
              />
            )}
          </Field>
          <Checkbox
            label={t('users.importInvite')}
            help={t('users.importInviteHelp')}
            checked={invite}
            onChange={(event) => setInvite(event.target.checked)}
          />
          {report && <ImportResult report={report} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" busy={isBusy}>
              {isClean ? counted('users.importRun', report.rows) : t('users.importCheck')}
            </Button>
            <Button onClick={() => void navigate({ to: '/users' })}>{t('action.cancel')}</Button>
          </div>
        </form>
      </Card>
    </div>
  );
}
