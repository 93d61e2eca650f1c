import type { ReactNode } from 'react';

interface Properties {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
}

export function EmptyState({ icon, title, children }: Properties) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-14 text-center text-muted">
      <div className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent-strong">
        {icon}
      </div>
      <p className="text-base font-semibold text-ink">{title}</p>
      {children}
    </div>
  );
}
