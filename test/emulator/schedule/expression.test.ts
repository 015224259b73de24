import { describe, expect, test } from 'vitest';

import { readTimetable } from '../../../emulator/schedule/expression.ts';

const from = Date.UTC(2026, 0, 1, 12, 0);

/** The next few moments that an expression names, as ISO texts to the minute. */
function moments(expression: string, count = 3): string[] {
  const timetable = readTimetable(expression);
  const found: string[] = [];
  for (let after = from; found.length < count;) {
    const next = timetable?.next(after, from);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    after = next;
  }
  return found;
}

describe('[DOC o1] a schedule is due', () => {
  test.each([
    ['rate(1 minute)', ['2026-01-01T12:01', '2026-01-01T12:02', '2026-01-01T12:03']],
    ['rate(6 hours)', ['2026-01-01T18:00', '2026-01-02T00:00', '2026-01-02T06:00']],
    ['rate(2 days)', ['2026-01-03T12:00', '2026-01-05T12:00', '2026-01-07T12:00']],
    ['cron(0 10 * * ? *)', ['2026-01-02T10:00', '2026-01-03T10:00', '2026-01-04T10:00']],
    ['cron(15 12 * * ? *)', ['2026-01-01T12:15', '2026-01-02T12:15', '2026-01-03T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-01-01T18:00', '2026-01-02T18:00', '2026-01-05T18:00']],
    ['cron(0/15 * * * ? *)', ['2026-01-01T12:15', '2026-01-01T12:30', '2026-01-01T12:45']],
    ['cron(0,30 20-22/2 ? * 7 *)', ['2026-01-03T20:00', '2026-01-03T20:30', '2026-01-03T22:00']],
    ['cron(0 8 1 * ? *)', ['2026-02-01T08:00', '2026-03-01T08:00', '2026-04-01T08:00']],
    ['cron(0 8 L * ? *)', ['2026-01-31T08:00', '2026-02-28T08:00', '2026-03-31T08:00']],
    ['cron(0 8 1W * ? *)', ['2026-02-02T08:00', '2026-03-02T08:00', '2026-04-01T08:00']],
    ['cron(0 8 31W * ? *)', ['2026-01-30T08:00', '2026-02-27T08:00', '2026-03-31T08:00']],
    ['cron(0 8 ? * 3#2 *)', ['2026-01-13T08:00', '2026-02-10T08:00', '2026-03-10T08:00']],
    ['cron(0 8 ? * 6L *)', ['2026-01-30T08:00', '2026-02-27T08:00', '2026-03-27T08:00']],
    ['cron(0 0 29 FEB ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 0 1 1 ? 2027-2028)', ['2027-01-01T00:00', '2028-01-01T00:00']],
    ['at(2026-02-03T04:05:00)', ['2026-02-03T04:05']],
    ['at(2025-02-03T04:05:00)', []],
  ])('%s', (expression, expected) => {
    expect(moments(expression)).toEqual(expected);
  });
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(0 10 * * ?)',
  'cron(60 10 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 10 ? * MOON *)',
  'cron(*/0 10 * * ? *)',
  'cron(30-10 10 * * ? *)',
  'at(tomorrow)',
  'hourly',
])('[DOC o1] AWS does not read %s', (expression) => {
  expect(readTimetable(expression)).toBeUndefined();
});
