import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

interface Properties {
  tone?: 'info' | 'warning' | 'danger';
  title?: string;
  children: ReactNode;
}

const tones = {
  info: 'bg-accent-soft text-accent-strong',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
};

export function Notice({ tone = 'info', title, children }: Properties) {
  const Icon = tone === 'info' ? Info : CircleAlert;
  return (
    <div role={tone === 'info' ? 'status' : 'alert'} className={`flex gap-3 rounded-lg p-3 ${tones[tone]}`}>
      <Icon className="mt-0.5 size-4.5 shrink-0" aria-hidden="true" />
      <div className="min-w-0 grow">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
