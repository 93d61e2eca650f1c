import { useEffect, useState } from 'react';
import { loadConfig } from '@/api/config';
import { t } from '@/locales/text';

/** The name that the server was configured with: null until it is known, so that no other one flashes up before it. */
export function useConfiguredName(): string | null {
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const show = (known: string) => isCurrent && setName(known);
    loadConfig().then(
      (config) => show(config.product_name),
      () => show(t('product.name')),
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return name;
}
