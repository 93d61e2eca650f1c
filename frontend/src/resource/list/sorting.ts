export interface Sorting {
  field: string;
  direction: 'asc' | 'desc';
}

/** The first key of `-created_at,email`. */
export function sortingOf(sort: string | undefined): Sorting | null {
  const first = sort?.split(',')[0];
  if (!first) return null;
  return first.startsWith('-')
    ? { field: first.slice(1), direction: 'desc' }
    : { field: first, direction: 'asc' };
}

/** A click on a column's head: upwards, downwards, and back to the list's own order. */
export function nextSort(sort: string | undefined, field: string): string | undefined {
  const current = sortingOf(sort);
  if (current?.field !== field) return field;
  return current.direction === 'asc' ? `-${field}` : undefined;
}
