/**
 * AWS's cron expressions: minutes, hours, day of month, month, day of week (1 is Sunday) and year, in
 * UTC. Lists, ranges, steps and names; `?` in one of the two days; `L`, `W` and `#` as AWS has
 * them. Pure.
 */
export interface Cron {
  /** The first minute after this moment, both in epoch milliseconds; undefined when none will come. */
  next(after: number): number | undefined;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const DAY_MS = 86_400_000;
/** How far ahead is looked for a day that fits: a 29 February on a given weekday comes so rarely. */
const HORIZON_DAYS = 366 * 41;

type DayTest = (day: Date) => boolean;

/** Reads the six fields; undefined when AWS would refuse them. */
export function readCron(text: string): Cron | undefined {
  const [minute = '', hour = '', monthDay = '', month = '', weekday = '', year = '', ...rest] = text
    .trim()
    .toUpperCase()
    .split(/\s+/);
  const minutes = readValues(minute, 0, 59);
  const hours = readValues(hour, 0, 23);
  const months = readValues(withNumbers(month, MONTHS), 1, 12);
  const years = readValues(year, 1970, 2199);
  // AWS wants exactly one of the two days left open.
  if (rest.length > 0 || (monthDay === '?') === (weekday === '?')) return undefined;
  const days =
    weekday === '?' ? readMonthDays(monthDay) : readWeekdays(withNumbers(weekday, WEEKDAYS));
  if (!minutes || !hours || !months || !years || !days) return undefined;
  const fits: DayTest = (day) =>
    months.has(day.getUTCMonth() + 1) && years.has(day.getUTCFullYear()) && days(day);
  return { next: (after) => firstAfter(after, fits, hours, minutes) };
}

function firstAfter(
  after: number,
  fits: DayTest,
  hours: ReadonlySet<number>,
  minutes: ReadonlySet<number>,
): number | undefined {
  const midnight = Math.floor(after / DAY_MS) * DAY_MS;
  for (let days = 0; days < HORIZON_DAYS; days += 1) {
    const day = midnight + days * DAY_MS;
    if (!fits(new Date(day))) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const at = day + (hour * 60 + minute) * 60_000;
        if (at > after) return at;
      }
    }
  }
  return undefined;
}

function readMonthDays(field: string): DayTest | undefined {
  if (field === 'L') return (day) => day.getUTCDate() === lastDayOf(day);
  const [, nearest] = /^(\d+)W$/.exec(field) ?? [];
  if (nearest !== undefined) return (day) => day.getUTCDate() === weekdayNear(day, Number(nearest));
  const values = readValues(field, 1, 31);
  return values && ((day) => values.has(day.getUTCDate()));
}

function readWeekdays(field: string): DayTest | undefined {
  const [, weekday, rank] = /^([1-7])(?:#([1-5])|L)$/.exec(field) ?? [];
  if (weekday !== undefined) {
    return (day) =>
      day.getUTCDay() + 1 === Number(weekday) &&
      (rank === undefined
        ? day.getUTCDate() > lastDayOf(day) - 7
        : Math.ceil(day.getUTCDate() / 7) === Number(rank));
  }
  const values = readValues(field === 'L' ? '7' : field, 1, 7);
  return values && ((day) => values.has(day.getUTCDay() + 1));
}

const lastDayOf = (day: Date) =>
  new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** The day from Monday to Friday next to the wanted one, within the month. */
function weekdayNear(day: Date, wanted: number): number {
  const last = lastDayOf(day);
  const date = Math.min(wanted, last);
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === last ? date - 2 : date + 1;
  return date;
}

/** The values of one field in ascending order; undefined when it cannot be read. */
function readValues(field: string, least: number, most: number): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === '' || step === '0') return undefined;
    const [from = '', to] = range === '*' ? [String(least), String(most)] : range.split('-');
    const end = Number(to ?? (step === undefined ? from : most));
    if (Number(from) < least || end > most || end < Number(from)) return undefined;
    for (let value = Number(from); value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return new Set([...values].toSorted((a, b) => a - b));
}

function withNumbers(field: string, names: readonly string[]): string {
  return names.reduce((text, name, index) => text.replaceAll(name, String(index + 1)), field);
}
