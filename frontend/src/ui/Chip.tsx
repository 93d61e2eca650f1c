import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'good' | 'warning' | 'danger';

interface Properties {
  tone?: Tone;
  /** Narrow where several stand in a table's cell: a long one is cut. */
  width?: 'full' | 'narrow';
  children: ReactNode;
}

const widths = { full: 'max-w-full', narrow: 'max-w-36' };

const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-muted',
  good: 'bg-accent-soft text-accent-strong',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
};

export function Chip({ tone = 'neutral', width = 'full', children }: Properties) {
  return (
    <span
      className={`inline-flex h-6 ${widths[width]} items-center gap-1 rounded-full px-2.5 text-xs font-medium whitespace-nowrap ${tones[tone]}`}
    >
      <span className="truncate">{children}</span>
    </span>
  );
}
