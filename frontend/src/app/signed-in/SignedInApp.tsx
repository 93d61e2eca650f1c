import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ReauthenticationDialog } from '@/resource/ReauthenticationDialog';
import { nextAddress } from '@/ui/location';
import { Toasts } from '@/ui/Toasts';
import { fetchPagesAhead } from './fetchPagesAhead';
import { createQueries } from './queries';
import { createAppRouter } from './router';

const publicPaths = ['/sign-in', '/register', '/setup', '/forgot-password', '/resend-verification'];

function startApp() {
  // Signing in happens on a public address: from there one goes where one wanted to be.
  if (publicPaths.includes(location.pathname)) history.replaceState(null, '', nextAddress());
  return { queries: createQueries(), router: createAppRouter() };
}

export default function SignedInApp() {
  const [{ queries, router }] = useState(startApp);
  useEffect(() => fetchPagesAhead(router), [router]);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <ReauthenticationDialog />
      <Toasts />
    </QueryClientProvider>
  );
}
