import { expect, it } from 'vitest';
import { nextAddress } from './location';

it('returns to the page that was asked for, with its search', () => {
  const next = encodeURIComponent('/users?q=ann&filter=active:eq:true');
  expect(nextAddress(`?next=${next}`)).toBe('/users?q=ann&filter=active:eq:true');
});

it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', 'users', ''])(
  'never leads to anywhere else: %s',
  (next) => {
    expect(nextAddress(`?next=${encodeURIComponent(next)}`)).toBe('/');
  },
);
