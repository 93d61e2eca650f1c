import { type ReactNode, useEffect, useRef } from 'react';
import { useProductName } from './productName';

interface Properties {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}

/** The page's only h1. It names the window and takes the focus, as a new page would. */
export function PageTitle({ title, lead, children }: Properties) {
  const product = useProductName();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <title>{product === null ? title : `${title} · ${product}`}</title>
      <div className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight wrap-anywhere">
          {title}
        </h1>
        {lead && <div className="mt-1 wrap-anywhere text-muted">{lead}</div>}
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}
