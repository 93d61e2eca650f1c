// @vitest-environment node
import { expect, it } from 'vitest';
import { describeDay, scaleFor, sum } from './signInDays';

it.each([
  [0, 2],
  [1, 2],
  [2, 2],
  [3, 4],
  [5, 10],
  [10, 10],
  [11, 20],
  [21, 40],
  [41, 100],
  [123_456, 200_000],
])('draws at most %d on a scale up to %d', (most, scale) => {
  expect(scaleFor(most)).toBe(scale);
});

it('adds the days up, and has zero for none', () => {
  expect(sum([])).toEqual({ ok: 0, refused: 0 });
  const days = [
    { date: '2026-03-01', ok: 2, refused: 1 },
    { date: '2026-03-02', ok: 3, refused: 0 },
  ];
  expect(sum(days)).toEqual({ ok: 5, refused: 1 });
});

it('says of a day which one it is wherever one is on the globe', () => {
  expect(describeDay({ date: '2026-03-01', ok: 1_200, refused: 3 })).toMatch(
    /1.*2026: 1,200 signed in, 3 refused/,
  );
});
