import { Problem } from '@/api/problem';
import { problemText, t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';

/** What a part of a page shows in place of its content; the page around it stands. */
export function SectionProblem({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <Notice tone="danger">
      <p className="mb-3">{error instanceof Problem ? problemText(error) : t('page.broken')}</p>
      <Button size="small" onClick={retry}>
        {t('action.retry')}
      </Button>
    </Notice>
  );
}
