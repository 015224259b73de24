/** Times, lists and numbers as a language writes them, by `Intl`; nothing here is worded by us. */

const DAY_MS = 86_400_000;

export interface Dates {
  /** 14:05. */
  time(ms: number): string;
  /** Today, Yesterday, or a date with its weekday. */
  day(ms: number): string;
  /** All of it, for whoever wants to know. */
  full(ms: number): string;
  /** As short as it can be and still be told: a time of today, a weekday, a date. */
  brief(ms: number): string;
  /** 5 minutes ago. */
  ago(ms: number): string;
  /** In 5 seconds. */
  within(seconds: number): string;
  /** 2 hours. */
  duration(seconds: number): string;
  list(words: readonly string[]): string;
  number(value: number): string;
}

/** `language` may have a region, whose habits are kept; `now` is in milliseconds since the epoch. */
export function createDates(language: string, now: () => number = Date.now): Dates {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(language, options);
    return (ms: number) => formatter.format(ms);
  };
  const time = format({ timeStyle: 'short' });
  const weekday = format({ weekday: 'short' });
  const dayOfYear = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const dayOfAnyYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const shortDate = format({ day: 'numeric', month: 'short' });
  const date = format({ dateStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const lists = new Intl.ListFormat(language, { type: 'conjunction' });
  const numbers = new Intl.NumberFormat(language);
  const daysAgo = (ms: number) => Math.round((startOfDay(now()) - startOfDay(ms)) / DAY_MS);
  const isThisYear = (ms: number) => new Date(ms).getFullYear() === new Date(now()).getFullYear();

  return {
    time,
    day(ms) {
      const days = daysAgo(ms);
      if (days === 0 || days === 1) return capital(relative.format(-days, 'day'), language);
      return isThisYear(ms) ? dayOfYear(ms) : dayOfAnyYear(ms);
    },
    full: format({ dateStyle: 'full', timeStyle: 'short' }),
    brief(ms) {
      const days = daysAgo(ms);
      if (days <= 0) return time(ms);
      if (days < 7) return weekday(ms);
      return isThisYear(ms) ? shortDate(ms) : date(ms);
    },
    ago(ms) {
      const { value, unit } = largest(Math.max(0, now() - ms) / 1_000);
      return relative.format(-value, unit);
    },
    within(seconds) {
      const { value, unit } = largest(seconds);
      return relative.format(value, unit);
    },
    duration(seconds) {
      const { value, unit } = largest(seconds);
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
      }).format(value);
    },
    list: (words) => lists.format(words),
    number: (value) => numbers.format(value),
  };
}

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** The largest unit of which there is at least one. */
function largest(seconds: number): { value: number; unit: (typeof UNITS)[number]['unit'] } {
  const { unit, seconds: each } = UNITS.find((one) => seconds >= one.seconds) ?? UNITS[3];
  return { value: Math.round(seconds / each), unit };
}

const startOfDay = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);

/** Whether two moments are on one day, where the page is. */
export const isSameDay = (a: number, b: number): boolean => startOfDay(a) === startOfDay(b);

const capital = (text: string, language: string) =>
  text.slice(0, 1).toLocaleUpperCase(language) + text.slice(1);
