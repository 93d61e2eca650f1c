// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { type Filter, formatFilter, parseFilter } from './filter';

const written: [Filter, string][] = [
  [{ field: 'active', operator: 'eq', value: 'true' }, 'active:eq:true'],
  [{ field: 'at', operator: 'gt', value: '2026-01-02T03:04:05Z' }, 'at:gt:2026-01-02T03:04:05Z'],
  [{ field: 'name', operator: 'contains', value: 'Smith, Ann' }, 'name:contains:"Smith, Ann"'],
  [{ field: 'name', operator: 'eq', value: 'the "reeve" (old)' }, 'name:eq:"the ""reeve"" (old)"'],
  [{ field: 'name', operator: 'eq', value: '' }, 'name:eq:'],
  [{ field: 'odd:name,"(%)', operator: 'eq', value: 'x' }, 'odd%3Aname%2C%22%28%25%29:eq:x'],
];

describe('a filter', () => {
  it.each(written)('%o is written as %s', (filter, text) => {
    expect(formatFilter(filter)).toBe(text);
  });

  it.each(written)('%o is read back from %s', (filter, text) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it.each(['or(active:eq:true,kind:eq:person)', 'active', 'active:is_somehow:true', '%:eq:x', ''])(
    'that the builder can’t show is left as it is: %s',
    (text) => {
      expect(parseFilter(text)).toBeNull();
    },
  );
});
