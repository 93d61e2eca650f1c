import { useQuery } from '@tanstack/react-query';

/**
 * What a form starts from: fetched when the form opens and then left alone, for a newer version that
 * slipped in underneath would throw away what was typed, or pass for the one that was read.
 */
export function useForEditing<Data>(name: string, id: string, fetch: (id: string) => Promise<Data>) {
  return useQuery({
    queryKey: ['edit', name, id],
    queryFn: () => fetch(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
