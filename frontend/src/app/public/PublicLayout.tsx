import type { ReactNode } from 'react';
import { Wordmark } from '@/ui/Logo';

export function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] bg-canvas">
      <header className="p-6">
        <Wordmark />
      </header>
      <main className="mx-auto w-full max-w-md px-4 pt-[6vh] pb-16">
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-sm sm:p-8">{children}</div>
      </main>
    </div>
  );
}
