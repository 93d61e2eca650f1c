import { Menu as MenuIcon, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { t } from '@/locales/text';
import { buttonLook } from '@/ui/buttonLook';
import { Navigation } from './Navigation';
import { UserMenu } from './UserMenu';

export function PhoneMenu() {
  const [isOpen, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);

  const close = () => setOpen(false);
  return (
    <>
      <button
        type="button"
        aria-label={t('navigation.open')}
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
        className={buttonLook({ variant: 'quiet', size: 'icon' })}
      >
        <MenuIcon className="size-5.5" aria-hidden="true" />
      </button>
      {isOpen && (
        <dialog
          ref={dialog}
          aria-label={t('navigation.main')}
          onClose={close}
          className="mr-0 h-dvh max-h-none w-72 border-l border-line bg-surface p-4 shadow-xl"
        >
          <div className="flex h-full flex-col gap-4">
            <button
              type="button"
              aria-label={t('navigation.close')}
              onClick={close}
              className={`self-end ${buttonLook({ variant: 'quiet', size: 'icon' })}`}
            >
              <X className="size-5.5" aria-hidden="true" />
            </button>
            <div className="grow">
              <Navigation onNavigate={close} />
            </div>
            <UserMenu direction="up" onNavigate={close} />
          </div>
        </dialog>
      )}
    </>
  );
}
