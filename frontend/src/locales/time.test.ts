// @vitest-environment node
import { expect, it } from 'vitest';
import { formatAgo, formatMoment, writeDatesIn } from './time';

it('writes dates in the language that was chosen for them, and survives one that there is none of', () => {
  const noon = '2026-03-05T12:00:00Z';
  writeDatesIn('de-CH');
  expect(formatMoment(noon)).toMatch(/^05\.03\.2026/);
  writeDatesIn('en-GB');
  expect(formatMoment(noon)).toMatch(/^5 Mar 2026/);
  writeDatesIn('not a language');
  expect(formatMoment(noon)).toContain('2026');
});

it('tells a moment to the second, and by which clock', () => {
  writeDatesIn('en-GB');
  const time = '2026-03-05T12:00:07Z';
  const told = formatMoment(time);
  expect(told).toMatch(/\d\d:\d\d:07/);
  const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(new Date(time));
  expect(told).toContain(zone.find(({ type }) => type === 'timeZoneName')?.value);
});

it('says how long ago in the language of the screens', () => {
  const now = new Date('2026-03-05T12:00:00Z');
  writeDatesIn('de-CH');
  expect(formatAgo('2026-03-05T09:00:00Z', now)).toBe('3 hours ago');
  expect(formatAgo('2026-03-04T11:00:00Z', now)).toBe('yesterday');
});
