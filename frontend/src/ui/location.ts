import { useSyncExternalStore } from 'react';

const changed = 'reeve:location';

/** Goes to a public screen without loading the page anew; these few screens need no more of a router. */
export function go(address: string, how: 'push' | 'replace' = 'push'): void {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', address);
  dispatchEvent(new Event(changed));
}

function subscribe(listener: () => void): () => void {
  addEventListener(changed, listener);
  addEventListener('popstate', listener);
  return () => {
    removeEventListener(changed, listener);
    removeEventListener('popstate', listener);
  };
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** The address to return to after signing in; only ever one of ours, whatever a link may carry. */
export function nextAddress(search: string = location.search): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  const target = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return target?.origin === location.origin && next.startsWith('/')
    ? `${target.pathname}${target.search}${target.hash}`
    : '/';
}
