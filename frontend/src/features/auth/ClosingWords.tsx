import type { ReactNode } from 'react';
import { useSession } from '@/access/useSession';
import { t } from '@/locales/text';
import { PageTitle } from '@/ui/PageTitle';
import { PublicLink } from '@/ui/PublicLink';

interface Properties {
  title: string;
  /** What to do next, besides signing in. */
  next?: { to: string; label: string };
  children: ReactNode;
}

/** A screen that has only something to say, and the way on: for whoever is signed in there is but one. */
export function ClosingWords({ title, next, children }: Properties) {
  const isSignedIn = useSession().status === 'signed_in';
  return (
    <>
      <PageTitle key={title} title={title} lead={children} />
      <div className="mt-6 grid justify-items-start gap-3">
        {next && !isSignedIn && <PublicLink to={next.to}>{next.label}</PublicLink>}
        {isSignedIn ? (
          <PublicLink to="/account">{t('auth.toAccount')}</PublicLink>
        ) : (
          <PublicLink to="/sign-in">{t('auth.toSignIn')}</PublicLink>
        )}
      </div>
    </>
  );
}
