/** How it came that one is oneself again after acting in somebody's name, and whose name it was. */
export interface EndOfActing {
  how: 'stopped' | 'time_over' | 'ended' | 'reloaded';
  userId: string;
}

// Not a credential, and of this tab alone: it is there after a reload, which ends the acting without a word.
const key = 'reeve.acting-as';
let how: EndOfActing['how'] = 'reloaded';

/** Remembers whose name it is, until the end is told. */
export function rememberActing(userId: string): void {
  how = 'reloaded';
  try {
    sessionStorage.setItem(key, userId);
  } catch {
    // Storage is switched off: the end is not told.
  }
}

export function endActing(ending: EndOfActing['how']): void {
  how = ending;
}

/** The end that nobody was told of yet, if there is one. */
export function takeEndOfActing(): EndOfActing | undefined {
  try {
    const userId = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return userId ? { how, userId } : undefined;
  } catch {
    return undefined;
  }
}
