import { t } from '@/locales/text';
import { Logo } from './Logo';

export function Splash() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">{t('product.name')}</h1>
      <div role="status" className="animate-pulse">
        <Logo className="size-14" />
        <span className="sr-only">{t('page.loading')}</span>
      </div>
    </main>
  );
}
