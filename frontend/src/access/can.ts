/** `users:read` has two segments, `data:app.orders:read` four: a table's own dots stay part of its name. */
function segments(permission: string): string[] {
  const [area = '', resource = '', ...rest] = permission.split(':');
  if (area !== 'data') return permission.split(':');
  const dot = resource.indexOf('.');
  const address = dot < 0 ? [resource] : [resource.slice(0, dot), resource.slice(dot + 1)];
  return [area, ...address, ...rest];
}

/** `*` stands for any one segment, and `*` alone for everything. */
export function covers(granted: string, wanted: string): boolean {
  if (granted === '*') return true;
  const pattern = segments(granted);
  const target = segments(wanted);
  return (
    pattern.length === target.length &&
    pattern.every((segment, position) => segment === '*' || segment === target[position])
  );
}

/** Hides what would be refused; it protects nothing: that is the server's part. */
export function can(permissions: readonly string[], wanted: string): boolean {
  return permissions.some((granted) => covers(granted, wanted));
}
