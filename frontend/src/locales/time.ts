let moment = momentsIn(undefined);
let timeOfDay = timesIn(undefined);
let day = daysIn(undefined);
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

function momentsIn(language: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' });
}

function timesIn(language: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { timeStyle: 'short' });
}

// A date without a time is the same one everywhere.
function daysIn(language: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** Dates follow the language that somebody chose for them, or else the browser's. */
export function writeDatesIn(language: string | null | undefined): void {
  try {
    moment = momentsIn(language ?? undefined);
    timeOfDay = timesIn(language ?? undefined);
    day = daysIn(language ?? undefined);
  } catch {
    // A tag that this browser makes nothing of.
    moment = momentsIn(undefined);
    timeOfDay = timesIn(undefined);
    day = daysIn(undefined);
  }
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** To the second and with the zone: whoever lays two records side by side needs both. */
export function formatMoment(time: string): string {
  return moment.format(new Date(time));
}

/** A time of today, of a clock's milliseconds. */
export function formatTime(milliseconds: number): string {
  return timeOfDay.format(milliseconds);
}

/** A date as the server writes one: `2026-11-24`. */
export function formatDay(date: string): string {
  return day.format(new Date(`${date}T00:00:00Z`));
}

/** “3 hours ago”: what the eye looks for; the exact moment belongs into a title. */
export function formatAgo(time: string, now: Date = new Date()): string {
  const seconds = (new Date(time).getTime() - now.getTime()) / 1000;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(Math.trunc(seconds), 'second');
}
