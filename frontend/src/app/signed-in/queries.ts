import { MutationCache, QueryClient } from '@tanstack/react-query';
import { reloadMe } from '@/access/session';
import { asProblem } from '@/api/problem';

export function createQueries(): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      onError: (error) => {
        // What one may do has changed since the menu was drawn.
        if (asProblem(error).code === 'permission_denied') void reloadMe().catch(() => {});
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && asProblem(error).isOutage,
      },
    },
  });
}
