// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { parseListState, queryOf, selectionOf } from './listState';
import { nextSort } from './sorting';

describe('the state of a list in its address', () => {
  it('takes one filter or several', () => {
    expect(parseListState({ filter: 'active:eq:true' })).toEqual({ filter: ['active:eq:true'] });
    expect(parseListState({ filter: ['a:eq:1', 'b:eq:2'] })).toEqual({ filter: ['a:eq:1', 'b:eq:2'] });
  });

  it('leaves out what is the default, so that addresses stay short', () => {
    expect(parseListState({ q: '', limit: '25', page: '1', filter: [] })).toEqual({});
  });

  it('drops what was typed wrongly instead of sending it to the server', () => {
    expect(parseListState({ page: '-3', limit: '7', sort: 5, q: ['a', 'b'], other: 'x' })).toEqual({});
  });

  it('follows a cursor where one is known, else the number of the page', () => {
    const state = { q: 'ann', page: 3 };
    expect(queryOf(state, 'abc')).toEqual({ q: 'ann', limit: 25, cursor: 'abc' });
    expect(queryOf(state, null)).toEqual({ q: 'ann', limit: 25, page: 3 });
  });

  it('exports what is shown on all pages', () => {
    expect(selectionOf({ q: 'ann', sort: '-email', page: 3, limit: 50 })).toEqual({
      q: 'ann',
      sort: '-email',
    });
  });
});

describe('a click on a column’s head', () => {
  it('sorts upwards, downwards, and then as before', () => {
    expect(nextSort(undefined, 'email')).toBe('email');
    expect(nextSort('email', 'email')).toBe('-email');
    expect(nextSort('-email', 'email')).toBeUndefined();
    expect(nextSort('-created_at', 'email')).toBe('email');
  });
});
