import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { t } from '@/locales/text';
import { currentToasts, dismiss, onToastsChange } from './toast';

export function Toasts() {
  const toasts = useSyncExternalStore(onToastsChange, currentToasts);
  return (
    <section
      aria-label={t('toast.region')}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-center gap-2 sm:left-auto sm:justify-items-end"
    >
      {toasts.map(({ id, tone, text }) => {
        const Icon = tone === 'good' ? CircleCheck : CircleAlert;
        return (
          <div
            key={id}
            className="pointer-events-auto flex max-w-md items-center gap-3 rounded-xl border border-line bg-raised py-1.5 pr-1.5 pl-4 shadow-lg"
          >
            <Icon
              className={`size-5 shrink-0 ${tone === 'good' ? 'text-accent' : 'text-danger'}`}
              aria-hidden="true"
            />
            <p className="min-w-0 wrap-anywhere">{text}</p>
            <button
              type="button"
              aria-label={t('action.dismiss')}
              onClick={() => dismiss(id)}
              className="grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:text-ink touch:size-11"
            >
              <X className="size-4" aria-hidden="true" />
            </button>
          </div>
        );
      })}
    </section>
  );
}
