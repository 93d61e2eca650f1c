// @vitest-environment node
import { expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './address';

it('writes and reads repeated parameters, and leaves out what is not set', () => {
  const search = { q: 'a & b', filter: ['active:eq:true', 'name:eq:"x, y"'], page: 2, sort: undefined };
  const text = stringifySearch(search);
  expect(parseSearch(text)).toEqual({ q: 'a & b', filter: search.filter, page: '2' });
  expect(stringifySearch({})).toBe('');
});
