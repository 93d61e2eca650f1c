import { t } from '@/locales/text';
import { useProductName } from './productName';

/** A gatehouse that is also a shield, with a keyhole for a door. */
export function Logo({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <path className="fill-accent" d="M4 4h6v4h3V4h6v4h3V4h6v12c0 6.5-5 10.5-12 13C9 26.5 4 22.5 4 16z" />
      <path className="fill-canvas" d="M16 11a4 4 0 0 1 2 7.46L19.2 24h-6.4l1.2-5.54A4 4 0 0 1 16 11z" />
    </svg>
  );
}

export function Wordmark() {
  const name = useProductName();
  return (
    <span className="inline-flex min-w-0 items-center gap-2.5 text-xl font-semibold tracking-tight">
      <Logo className="size-8 shrink-0" />
      {name === null ? (
        <span className="sr-only">{t('product.name')}</span>
      ) : (
        <span className="line-clamp-2 min-w-0 break-words">{name}</span>
      )}
    </span>
  );
}
