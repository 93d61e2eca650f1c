import { useMatches } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCan } from '@/access/useSession';
import { Forbidden } from '@/resource/Forbidden';

/** The page, if the permission that its route names is there. */
export function Requires({ children }: { children: ReactNode }) {
  const can = useCan();
  const permission = useMatches({ select: (matches) => matches.at(-1)?.staticData.permission });
  return permission && !can(permission) ? <Forbidden key={permission} permission={permission} /> : children;
}
