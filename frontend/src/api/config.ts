import { answer, api } from './client';
import type { Config } from './types';

let config: Promise<Config> | null = null;

/** After an act that changes what strangers are told. */
export function forgetConfig(): void {
  config = null;
}

/** What the server tells strangers: the way to register, the rules for passwords. Asked once. */
export function loadConfig(): Promise<Config> {
  config ??= answer(api.GET('/api/v1/config')).catch((error: unknown) => {
    config = null;
    throw error;
  });
  return config;
}
