import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { EndOfActing } from '@/access/endOfActing';
import { sessionState } from '@/access/session';
import { type PlainKey, t } from '@/locales/text';
import { ReauthenticationDialog } from '@/resource/ReauthenticationDialog';
import { nextAddress } from '@/ui/location';
import { Toasts } from '@/ui/Toasts';
import { say } from '@/ui/toast';
import { fetchPagesAhead } from './fetchPagesAhead';
import { createQueries } from './queries';
import { createAppRouter } from './router';

const publicPaths = [
  '/sign-in',
  '/register',
  '/setup',
  '/ask-for-link',
  '/forgot-password',
  '/resend-verification',
];

/** What is said to whoever is oneself again without having asked for it. */
const endings: Record<EndOfActing['how'], PlainKey | null> = {
  stopped: null,
  time_over: 'impersonation.timeOver',
  ended: 'impersonation.ended',
  reloaded: 'impersonation.reloaded',
};

function startApp() {
  // Signing in happens on a public address: from there one goes where one wanted to be.
  if (publicPaths.includes(location.pathname)) history.replaceState(null, '', nextAddress());
  const session = sessionState();
  const end = session.status === 'signed_in' ? session.endOfActing : undefined;
  // Back to where it began. After a reload one stays where one has reloaded.
  if (end && end.how !== 'reloaded') history.replaceState(null, '', `/users/${end.userId}`);
  return { queries: createQueries(), router: createAppRouter(), ending: end && endings[end.how] };
}

export default function SignedInApp() {
  const [{ queries, router, ending }] = useState(startApp);
  useEffect(() => fetchPagesAhead(router), [router]);
  useEffect(() => {
    if (ending) say(t(ending));
  }, [ending]);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <ReauthenticationDialog />
      <Toasts />
    </QueryClientProvider>
  );
}
