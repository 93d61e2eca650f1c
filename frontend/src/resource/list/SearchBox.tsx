import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/locales/text';
import { controlLook } from '@/ui/Field';

const pause = 300;

interface Properties {
  value: string;
  hint: string;
  onChange: (value: string) => void;
}

/** Searches when the typing pauses. */
export function SearchBox({ value, hint, onChange }: Properties) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);

  // The address changed by other means (back, a link, “clear”): follow it.
  if (value !== shown) {
    setShown(value);
    setTyped(value);
  }

  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => {
      setShown(typed);
      onChange(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);

  return (
    <search className="relative min-w-0 basis-full sm:max-w-xs sm:basis-auto sm:grow">
      <Search
        className="pointer-events-none absolute top-1/2 left-3 size-4.5 -translate-y-1/2 text-muted"
        aria-hidden="true"
      />
      <input
        type="search"
        aria-label={t('resource.search')}
        placeholder={hint}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className={`${controlLook} pl-9.5`}
      />
    </search>
  );
}
