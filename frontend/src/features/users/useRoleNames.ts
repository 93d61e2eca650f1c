import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listRoleNames } from './usersApi';

const pause = 200;

/** The names that fit what is searched for: found here while all of them are at hand, else by the server. */
export function useRoleNames(isAllowed: boolean) {
  const [text, search] = useState('');
  const [asked, setAsked] = useState('');
  const all = useQuery({
    queryKey: ['roles', 'names', ''],
    queryFn: ({ signal }) => listRoleNames('', signal),
    enabled: isAllowed,
  });
  const isComplete = all.data?.hasMore === false;
  const found = useQuery({
    queryKey: ['roles', 'names', asked],
    queryFn: ({ signal }) => listRoleNames(asked, signal),
    enabled: isAllowed && asked !== '' && !isComplete,
    placeholderData: keepPreviousData,
  });

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), pause);
    return () => clearTimeout(timer);
  }, [text]);

  const { names = [], hasMore = false } = (asked !== '' && !isComplete ? found.data : all.data) ?? {};
  const wanted = text.trim().toLowerCase();
  return { names: names.filter((name) => name.toLowerCase().includes(wanted)), hasMore, search };
}
