// In memory alone, from one screen for strangers to the next: it has no business in the address of a page.
let typed = '';

/** What somebody has typed so far where a screen asks who they are. */
export function keepTyped(name: string): void {
  typed = name.trim();
}

export function typedName(): string {
  return typed;
}

/** The same where nothing but an address will do. */
export function typedEmail(): string {
  return typed.includes('@') ? typed : '';
}
