import type { Permission } from '@/api/types';

export interface PermissionArea {
  area: string;
  permissions: Permission[];
}

/** The catalogue by what comes before the first colon, in the catalogue's own order. */
export function byArea(permissions: readonly Permission[]): PermissionArea[] {
  const areas = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const [area = ''] = permission.name.split(':');
    areas.set(area, [...(areas.get(area) ?? []), permission]);
  }
  return [...areas].map(([area, members]) => ({ area, permissions: members }));
}
