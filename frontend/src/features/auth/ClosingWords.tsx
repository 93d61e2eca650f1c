import type { ReactNode } from 'react';
import { t } from '@/locales/text';
import { PageTitle } from '@/ui/PageTitle';
import { PublicLink } from '@/ui/PublicLink';

/** A screen that has only something to say, and the way back. */
export function ClosingWords({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <PageTitle key={title} title={title} lead={children} />
      <p className="mt-6">
        <PublicLink to="/sign-in">{t('auth.toSignIn')}</PublicLink>
      </p>
    </>
  );
}
