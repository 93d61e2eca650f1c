import { describe, expect, it } from 'vitest';
import { keyFrom } from './keyFrom';

const now = new Date('2030-01-01T00:00:00Z');

function form(fields: [string, string][]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

describe('a new key', () => {
  it('permits all that its owner may do only when that was chosen', () => {
    const all = keyFrom(
      form([
        ['name', ' report '],
        ['scope', 'all'],
        ['permission', 'users:read'],
      ]),
      now,
    );
    expect(all).toEqual({ name: 'report', expires_at: null, allowed_networks: [] });
    expect(
      keyFrom(
        form([
          ['name', 'report'],
          ['scope', 'chosen'],
        ]),
        now,
      ).permissions,
    ).toEqual([]);
  });

  it('permits what was ticked and what was written, each once', () => {
    const fields: [string, string][] = [
      ['scope', 'chosen'],
      ['permission', 'users:read'],
      ['permission', 'roles:read'],
      ['patterns', 'data:app.orders:read\n users:read'],
    ];
    expect(keyFrom(form(fields), now).permissions).toEqual([
      'users:read',
      'roles:read',
      'data:app.orders:read',
    ]);
  });

  it('ends after so many days and is good from the networks that were written', () => {
    const fields: [string, string][] = [
      ['lifetime', '30'],
      ['networks', '203.0.113.0/24, ::1\n2001:db8::/32\n'],
    ];
    const key = keyFrom(form(fields), now);
    expect(key.expires_at).toBe('2030-01-31T00:00:00.000Z');
    expect(key.allowed_networks).toEqual(['203.0.113.0/24', '::1', '2001:db8::/32']);
  });
});
