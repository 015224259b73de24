import { readCron } from './cron.ts';

/**
 * When something is due, as schedules write it: `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)`, or
 * `at(2026-01-01T08:00:00)`, all in UTC. A rate counts from the start of the cloud [UNV how AWS
 * counts]. Pure.
 */
export interface Timetable {
  /** The first moment after `after`, in epoch milliseconds; undefined when none will come. */
  next(after: number, startedAt: number): number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Undefined when AWS would refuse the expression. */
export function readTimetable(expression: string): Timetable | undefined {
  const [, kind = '', content = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'rate':
      return readRate(content);
    case 'cron': {
      const cron = readCron(content);
      return cron && { next: (after) => cron.next(after) };
    }
    case 'at':
      return readMoment(content);
    default:
      return undefined;
  }
}

/** AWS wants the singular for one, and the plural for more. */
function readRate(content: string): Timetable | undefined {
  const [, count = '', unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(content) ?? [];
  const period = Number(count) * (UNIT_MS[unit] ?? 0);
  if (period === 0 || (Number(count) === 1) !== (plural === '')) return undefined;
  return {
    next: (after, startedAt) => startedAt + (Math.floor((after - startedAt) / period) + 1) * period,
  };
}

function readMoment(content: string): Timetable | undefined {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) ? Date.parse(`${content}Z`) : NaN;
  return Number.isNaN(at) ? undefined : { next: (after) => (at > after ? at : undefined) };
}
