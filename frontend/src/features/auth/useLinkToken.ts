import { useState } from 'react';

/** The token of the mailed link that led here. Nothing is done with it until somebody says so. */
export function useLinkToken(): string | null {
  const [token] = useState(() => new URLSearchParams(location.search).get('token'));
  return token;
}
