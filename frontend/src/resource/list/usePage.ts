import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Page } from '@/api/types';
import type { ListDescriptor } from './descriptor';
import { type ListState, queryOf } from './listState';

/** One page of a list; the rows before stay in sight while the next ones are on their way. */
export function usePage<Row>(descriptor: ListDescriptor<Row>, state: ListState) {
  const cache = useQueryClient();
  const keyOf = (shown: ListState) => [descriptor.name, 'list', shown];
  const { page = 1, ...rest } = state;
  return useQuery({
    queryKey: keyOf(state),
    queryFn: ({ signal }) => {
      const before = page > 2 ? { ...rest, page: page - 1 } : rest;
      const cursor = page > 1 ? cache.getQueryData<Page<Row>>(keyOf(before))?.next_cursor : null;
      return descriptor.fetchPage(queryOf(state, cursor), signal);
    },
    placeholderData: keepPreviousData,
  });
}
