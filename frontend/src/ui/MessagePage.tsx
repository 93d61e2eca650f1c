import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { PageTitle } from './PageTitle';

interface Properties {
  icon: LucideIcon;
  title: string;
  lead: ReactNode;
  children?: ReactNode;
}

/** A page in place of the one that can't be shown: what is the matter, and a way on. */
export function MessagePage({ icon: Icon, title, lead, children }: Properties) {
  return (
    <div className="grid max-w-lg justify-items-start gap-5 py-10">
      <div className="grid size-14 place-items-center rounded-2xl bg-accent-soft text-accent-strong">
        <Icon className="size-7" aria-hidden="true" />
      </div>
      <PageTitle title={title} lead={lead} />
      {children}
    </div>
  );
}
