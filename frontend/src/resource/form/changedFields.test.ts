// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { changedFields, emptyAsNull } from './changedFields';

describe('what a form sends', () => {
  const initial = {
    name: 'editor',
    description: '',
    active: true,
    permissions: ['users:read', 'users:write'],
  };

  it('is only what was changed', () => {
    expect(changedFields(initial, { ...initial, name: 'author' })).toEqual({ name: 'author' });
    expect(changedFields(initial, { ...initial })).toEqual({});
    expect(changedFields(initial, { ...initial, active: false })).toEqual({ active: false });
  });

  it('takes a list in another order for the same list', () => {
    expect(changedFields(initial, { ...initial, permissions: ['users:write', 'users:read'] })).toEqual({});
    expect(changedFields(initial, { ...initial, permissions: ['users:read'] })).toEqual({
      permissions: ['users:read'],
    });
  });

  it('has null for a field that was emptied', () => {
    expect(emptyAsNull('')).toBeNull();
    expect(emptyAsNull('Ann')).toBe('Ann');
  });
});
