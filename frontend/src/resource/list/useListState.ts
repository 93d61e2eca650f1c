import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type ListState, parseListState } from './listState';

type SetListState = (change: Partial<ListState>, how?: 'push' | 'replace') => void;

/** The list's state and a way to change it; whatever changes, the list begins at its first page again. */
export function useListState(): [ListState, SetListState] {
  const state = parseListState(useSearch({ strict: false }));
  const navigate = useNavigate();
  const set = useCallback<SetListState>(
    (change, how = 'push') =>
      void navigate({
        to: '.',
        search: (current: Record<string, unknown>) =>
          parseListState({ ...current, page: undefined, ...change }),
        replace: how === 'replace',
        resetScroll: false,
      }),
    [navigate],
  );
  return [state, set];
}
