import { QueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/problem';

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Being offline is told like any other failure, instead of waiting without a word.
        networkMode: 'always',
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && asProblem(error).isOutage,
      },
    },
  });
}
