import { PlugZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '@/locales/text';
import { Button } from './Button';
import { PageTitle } from './PageTitle';

interface Properties {
  title: string;
  retry: () => void;
  children: ReactNode;
}

/** A whole page that could not be had, and a way to try again. */
export function Outage({ title, retry, children }: Properties) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-5 p-6">
      <PlugZap className="size-10 text-accent" aria-hidden="true" />
      <PageTitle title={title} lead={children} />
      <Button variant="primary" className="justify-self-start" onClick={retry}>
        {t('action.retry')}
      </Button>
    </main>
  );
}
