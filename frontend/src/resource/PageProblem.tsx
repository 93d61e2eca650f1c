import { PlugZap } from 'lucide-react';
import { asProblem, Problem } from '@/api/problem';
import { problemText, t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { MessagePage } from '@/ui/MessagePage';
import { Forbidden } from './Forbidden';
import { NotFoundPage } from './NotFoundPage';

/** What a page shows in place of its content when that could not be had. */
export function PageProblem({ error, retry }: { error: unknown; retry: () => void }) {
  const problem = asProblem(error);
  if (problem.status === 403) return <Forbidden permission={problem.required} />;
  if (problem.status === 404) return <NotFoundPage />;
  const title = problem.isOutage ? t('page.unavailableTitle') : t('page.brokenTitle');
  // An exception of our own tells a person nothing.
  const lead = error instanceof Problem ? problemText(problem) : t('page.broken');
  return (
    <MessagePage icon={PlugZap} title={title} lead={lead}>
      <Button variant="primary" onClick={retry}>
        {t('action.retry')}
      </Button>
    </MessagePage>
  );
}
