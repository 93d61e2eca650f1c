import type { ReactNode } from 'react';
import type { Problem } from '@/api/problem';
import { t } from '@/locales/text';
import { ClosingWords } from './ClosingWords';

export const isSpent = (problem: Problem | null) => problem?.code === 'invalid_token';

interface Properties {
  /** Where another link is to be had. */
  another?: string;
  children?: ReactNode;
}

/** In place of a form that a link leads to which is good no more: nothing that is typed there could help. */
export function SpentLink({ another, children }: Properties) {
  return (
    <ClosingWords
      title={t('auth.spentTitle')}
      {...(another && { next: { to: another, label: t('auth.anotherLink') } })}
    >
      {t('auth.spent')} {children}
    </ClosingWords>
  );
}
