const items = 'a[href], button:enabled, input:enabled, select:enabled';
const fields = 'input:not([type=radio]), select';

/** Takes the focus to where a key leads within an open menu; false if it leads nowhere and is left to the browser. */
export function walkMenu(panel: HTMLElement, key: string): boolean {
  const focused = document.activeElement;
  // In a field arrows and letters have a meaning of their own.
  if (focused?.matches(fields)) return false;
  const stops = [...panel.querySelectorAll<HTMLElement>(items)];
  const next = nextStop(stops, stops.indexOf(focused as HTMLElement), key);
  next?.focus();
  return next !== undefined;
}

/** `current` is -1 while the focus is still on the menu's button. */
function nextStop(stops: readonly HTMLElement[], current: number, key: string): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return stops[current + 1] ?? stops[0];
    case 'ArrowUp':
      return stops[current - 1] ?? stops.at(-1);
    case 'Home':
      return stops[0];
    case 'End':
      return stops.at(-1);
    default:
      return [...stops.slice(current + 1), ...stops].find((stop) => beginsWith(stop, key));
  }
}

function beginsWith({ textContent }: HTMLElement, key: string): boolean {
  const isLetter = [...key].length === 1 && key !== ' ';
  return isLetter && textContent.trim().toLowerCase().startsWith(key.toLowerCase());
}
