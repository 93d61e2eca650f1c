import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import SignIn from '@/features/auth/SignIn';
import { go, usePath } from '@/ui/location';
import { Skeleton } from '@/ui/Skeleton';
import { PublicLayout } from './PublicLayout';

/** Where mailed links lead, whoever is signed in at the moment. */
const linkedScreens: Record<string, ComponentType> = {
  '/verify-email': lazy(() => import('@/features/auth/VerifyEmail')),
  '/reset-password': lazy(() => import('@/features/auth/ResetPassword')),
  '/confirm-email': lazy(() => import('@/features/auth/ConfirmEmail')),
  '/magic-link': lazy(() => import('@/features/auth/MagicLink')),
  '/signed-in-elsewhere': lazy(() => import('@/features/auth/SignedInElsewhere')),
  '/invitation': lazy(() => import('@/features/auth/Invitation')),
};

export const isLinked = (path: string) => path in linkedScreens;

const screens: Record<string, ComponentType> = {
  // Not one import further away: it is what a stranger waits for.
  '/sign-in': SignIn,
  '/register': lazy(() => import('@/features/auth/Register')),
  '/setup': lazy(() => import('@/features/auth/Setup')),
  '/ask-for-link': lazy(() => import('@/features/auth/AskForMagicLink')),
  '/forgot-password': lazy(() => import('@/features/auth/ForgotPassword')),
  '/resend-verification': lazy(() => import('@/features/auth/ResendVerification')),
  ...linkedScreens,
};

/** The screens for strangers. Any other address is a deep link: to sign-in, and back there afterwards. */
export function PublicScreens() {
  const path = usePath();
  const Screen = screens[path];

  useEffect(() => {
    if (Screen) return;
    const address = `${location.pathname}${location.search}${location.hash}`;
    go(address === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(address)}`, 'replace');
  }, [Screen]);

  return (
    <PublicLayout>
      <Suspense fallback={<Skeleton />}>{Screen && <Screen />}</Suspense>
    </PublicLayout>
  );
}
