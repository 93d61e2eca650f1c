import { useState } from 'react';
import { endWithAccount } from '@/access/session';
import { download } from '@/api/download';
import { asProblem, type Problem } from '@/api/problem';
import { t } from '@/locales/text';
import { ErrorSummary } from '@/resource/form/ErrorSummary';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Dialog, DialogActions } from '@/ui/Dialog';
import { go } from '@/ui/location';
import { deleteOneself, exportOwnData } from './accountApi';

/** What is stored about oneself: to be taken away, or to be deleted. */
export function OwnData() {
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function run(act: () => Promise<unknown>) {
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  const takeAway = () =>
    run(async () => {
      const data = await exportOwnData();
      download(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }), 'my-account.json');
    });

  const remove = () =>
    run(async () => {
      await deleteOneself();
      endWithAccount();
      // Whoever signs in here next does not want to come back to this page.
      go('/sign-in', 'replace');
    });

  return (
    <Card title={t('account.data')}>
      <p className="mb-4 text-sm text-muted">{t('account.dataLead')}</p>
      {problem && !isAsking && <ErrorSummary problem={problem} labels={{}} />}
      <div className="flex flex-wrap gap-2">
        <Button onClick={takeAway} busy={isBusy}>
          {t('account.takeAway')}
        </Button>
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t('account.delete')}
        </Button>
      </div>
      {isAsking && (
        <Dialog title={t('account.deleteTitle')} onClose={() => setAsking(false)}>
          <p>{t('account.deleteWarning')}</p>
          <ErrorSummary problem={problem} labels={{}} />
          <DialogActions>
            <Button onClick={() => setAsking(false)}>{t('action.cancel')}</Button>
            <Button variant="danger" onClick={remove} busy={isBusy}>
              {t('account.delete')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Card>
  );
}
