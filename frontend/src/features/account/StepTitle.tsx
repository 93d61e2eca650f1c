import { type ReactNode, useEffect, useRef } from 'react';

/** Where a step within a section begins: it takes the focus, so that nobody is left behind on a button that is gone. */
export function StepTitle({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div>
      <h3 ref={heading} tabIndex={-1} className="font-semibold outline-none">
        {title}
      </h3>
      <p className="max-w-prose text-sm text-muted">{children}</p>
    </div>
  );
}
