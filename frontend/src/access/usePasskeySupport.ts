import { useConfig } from '@/api/useConfig';
import { areSupported } from './passkeys';

/** Whether both the server and this browser know passkeys. */
export function usePasskeySupport(): boolean {
  const config = useConfig();
  return areSupported() && Boolean(config?.sign_in_methods.includes('passkey'));
}
