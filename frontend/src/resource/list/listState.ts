import type { ListQuery } from '@/api/types';

/** What a list shows, as it stands in the address: to be bookmarked, shared, and gone back to. */
export interface ListState {
  q?: string;
  filter?: string[];
  sort?: string;
  limit?: number;
  page?: number;
}

export const pageSizes = [10, 25, 50, 100] as const;
export const defaultPageSize = 25;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function positive(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

/** Takes what is good from an address that may have been typed by hand. */
export function parseListState(search: Record<string, unknown>): ListState {
  const q = text(search.q);
  const filter = [search.filter].flat().filter((single) => text(single) !== undefined) as string[];
  const sort = text(search.sort);
  const limit = pageSizes.find((size) => size === positive(search.limit));
  const page = positive(search.page);
  return {
    ...(q && { q }),
    ...(filter.length > 0 && { filter }),
    ...(sort && { sort }),
    ...(limit && limit !== defaultPageSize && { limit }),
    ...(page && page > 1 && { page }),
  };
}

/** The part of the state that says which rows there are, whatever page is shown: an export takes it too. */
export function selectionOf({ q, filter, sort }: ListState): ListQuery {
  return { ...(q && { q }), ...(filter && { filter }), ...(sort && { sort }) };
}

/** A cursor where it is known: pages stay whole while rows are added. An opened deep link has only its number. */
export function queryOf(state: ListState, cursor: string | null | undefined): ListQuery {
  const { page, limit = defaultPageSize } = state;
  return { ...selectionOf(state), limit, ...(cursor ? { cursor } : page && { page }) };
}

export function isNarrowed({ q, filter }: ListState): boolean {
  return Boolean(q) || Boolean(filter?.length);
}
