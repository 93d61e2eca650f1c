import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { t } from '@/locales/text';
import { SectionProblem } from '@/resource/SectionProblem';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { EmailText } from '@/ui/EmailText';
import { EmptyState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { listRoleUsers } from './rolesApi';

export function RoleUsers({ id }: { id: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['roles', 'users', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => listRoleUsers(id, pageParam),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const users = data.pages.flatMap(({ items }) => items);
  if (users.length === 0) {
    return <EmptyState icon={<Users className="size-6" aria-hidden="true" />} title={t('roles.noUsers')} />;
  }
  return (
    <Card>
      <ul className="divide-y divide-line">
        {users.map((user) => (
          <li key={user.id} className="flex flex-wrap items-center gap-x-4 py-2.5">
            <Link
              to="/users/$id"
              params={{ id: user.id }}
              className="font-medium underline-offset-2 hover:text-accent hover:underline"
            >
              <EmailText email={user.email} />
            </Link>
            <span className="min-w-0 text-sm wrap-anywhere text-muted max-sm:basis-full">
              {user.display_name}
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button className="mt-4" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('resource.more')}
        </Button>
      )}
    </Card>
  );
}
