// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { can, covers } from './can';

describe('what a permission covers', () => {
  it.each([
    ['users:read', 'users:read'],
    ['*', 'users:read'],
    ['*', 'data:app.orders:read'],
    ['users:*', 'users:delete'],
    ['*:read', 'audit:read'],
    ['data:app.*:read', 'data:app.orders:read'],
    ['data:*.orders:read', 'data:shop.orders:read'],
    ['data:app.orders:*', 'data:app.orders:update'],
    ['data:app.*:read', 'data:app.sales.orders:read'],
  ])('%s covers %s', (granted, wanted) => {
    expect(covers(granted, wanted)).toBe(true);
  });

  it.each([
    ['users:read', 'users:write'],
    ['users:*', 'roles:read'],
    ['*:read', 'users:write'],
    ['*:*', 'data:app.orders:read'],
    ['data:*:read', 'data:app.orders:read'],
    ['data:app.*:read', 'data:shop.orders:read'],
    ['data:app.orders:read', 'data:app.orders_archive:read'],
    ['users', 'users:read'],
    ['', 'users:read'],
  ])('%s does not cover %s', (granted, wanted) => {
    expect(covers(granted, wanted)).toBe(false);
  });

  it('is enough to be covered by one of several', () => {
    expect(can(['audit:read', 'users:*'], 'users:write')).toBe(true);
    expect(can([], 'users:write')).toBe(false);
  });
});
