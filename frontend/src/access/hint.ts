// Not a credential: it only spares a stranger's first visit a request that can but be refused.
const key = 'reeve.signed-in';

export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

export function rememberSignedIn(): void {
  try {
    localStorage.setItem(key, '1');
  } catch {
    // Storage is switched off: the next visit asks the server.
  }
}

export function forgetSignedIn(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
