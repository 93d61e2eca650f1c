import { useEffect, useState } from 'react';
import { loadConfig } from './config';
import type { Config } from './types';

/** Null until it is known; without it a screen shows what holds for every server. */
export function useConfig(): Config | null {
  const [config, setConfig] = useState<Config | null>(null);
  useEffect(() => {
    let isCurrent = true;
    loadConfig().then(
      (loaded) => isCurrent && setConfig(loaded),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return config;
}
