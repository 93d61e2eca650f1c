/** Long enough for a list to be drawn again without what was deleted from it. */
const PATIENCE = 200;

/** Gives the focus to what had it before, or to the page's heading where that is gone, or soon goes. */
export function giveFocusBack(earlier: Element | null, page: Document = document): void {
  if (earlier instanceof HTMLElement) earlier.focus();
  setTimeout(() => {
    if (page.activeElement === page.body) page.querySelector('h1')?.focus();
  }, PATIENCE);
}
