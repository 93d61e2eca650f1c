import { t } from '@/locales/text';
import { Logo } from './Logo';
import { useProductName } from './productName';

export function Splash() {
  const product = useProductName();
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">{product ?? t('product.name')}</h1>
      <div role="status" className="animate-pulse">
        <Logo className="size-14" />
        <span className="sr-only">{t('page.loading')}</span>
      </div>
    </main>
  );
}
