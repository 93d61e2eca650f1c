import type { components } from '@/api/schema.gen';
import { formatCount, t } from '@/locales/text';
import { formatDay } from '@/locales/time';

export type Overview = components['schemas']['Overview'];
export type SignInDay = Overview['sign_ins'][number];

export function sum(days: readonly SignInDay[]): { ok: number; refused: number } {
  return days.reduce(({ ok, refused }, day) => ({ ok: ok + day.ok, refused: refused + day.refused }), {
    ok: 0,
    refused: 0,
  });
}

export function describeDay({ date, ok, refused }: SignInDay): string {
  return t('overview.ofDay', {
    date: formatDay(date),
    ok: formatCount(ok),
    refused: formatCount(refused),
  });
}

/** The least even number of the form 2, 4, 10, 20, 40, 100, ... that is not below: its half is a whole number, too. */
export function scaleFor(most: number): number {
  for (let power = 1; ; power *= 10) {
    const step = [2, 4, 10].find((factor) => factor * power >= most);
    if (step) return step * power;
  }
}
