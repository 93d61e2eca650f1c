export interface Toast {
  id: number;
  tone: 'good' | 'danger';
  text: string;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function become(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

export function currentToasts(): readonly Toast[] {
  return toasts;
}

export function onToastsChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismiss(id: number): void {
  become(toasts.filter((toast) => toast.id !== id));
}

/** Says something in passing. What went wrong stays until it is dismissed. */
export function say(text: string, tone: Toast['tone'] = 'good'): void {
  const id = ++lastId;
  become([...toasts.slice(-2), { id, tone, text }]);
  if (tone === 'good') setTimeout(() => dismiss(id), 6000);
}
