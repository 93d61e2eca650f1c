import { Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { t } from '@/locales/text';
import { Wordmark } from '@/ui/Logo';
import { Skeleton } from '@/ui/Skeleton';
import { ImpersonationBanner } from './ImpersonationBanner';
import { Navigation } from './Navigation';
import { PhoneMenu } from './PhoneMenu';
import { Requires } from './Requires';
import { UserMenu } from './UserMenu';

/** The frame around every page: the menu at the side, or behind a button where there is no side. */
export function Shell() {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2 focus:shadow-lg"
      >
        {t('navigation.skip')}
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-6 border-r border-line bg-surface p-4 md:flex">
        <Link to="/" className="px-2 pt-1">
          <Wordmark />
        </Link>
        <div className="grow">
          <Navigation />
        </div>
        <UserMenu direction="up" />
      </aside>
      <div className="min-w-0">
        <div className="sticky top-0 z-20">
          <header className="flex items-center justify-between border-b border-line bg-surface px-4 py-2 md:hidden">
            <Link to="/">
              <Wordmark />
            </Link>
            <PhoneMenu />
          </header>
          <ImpersonationBanner />
        </div>
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl min-w-0 p-4 sm:p-6 lg:p-8">
          <Suspense fallback={<Skeleton lines={8} />}>
            <Requires>
              <Outlet />
            </Requires>
          </Suspense>
        </main>
      </div>
    </div>
  );
}
