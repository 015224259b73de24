/**
 * What may go wrong in a schedule: for each failure mode of AWS that can be had on this machine, rules
 * of the emulator's faults that bring it. All of them leave something through, so that people get on.
 */
import type { FaultPlan } from '../../../emulator/index.ts';
import type { Dice } from './dice.ts';

export type FaultRule = NonNullable<FaultPlan['rules']>[number];

interface Dish {
  /** The failure mode, F1 to F22; `net` and `aws` for what has no number there. */
  readonly mode: string;
  readonly rule: (dice: Dice) => FaultRule;
}

const BROADCAST = '*Broadcast';
const some = (dice: Dice, from: number, to: number) => ({ rate: from + dice.next() * (to - from) });
const MINUTE_MS = 60_000;

const MENU: readonly [Dish, ...Dish[]] = [
  { mode: 'F1', rule: (d) => ({ fault: 'batch-duplicated', when: some(d, 0.1, 0.6) }) },
  {
    mode: 'F1',
    rule: (d) => ({
      fault: 'batch-redelivered',
      records: d.int(1, 30),
      when: some(d, 0.1, 0.5),
    }),
  },
  { mode: 'F2', rule: (d) => ({ fault: 'batch-reordered', when: some(d, 0.2, 0.8) }) },
  { mode: 'F2', rule: (d) => ({ fault: 'stream-replay', when: { nth: d.int(2, 12) } }) },
  {
    mode: 'F4',
    rule: (d) => ({
      fault: 'dynamodb-failed',
      applied: d.chance(0.5),
      where: {
        function: BROADCAST,
        operation: d.pick(['PutItem', 'TransactWriteItems', 'Query', '*']),
      },
      when: some(d, 0.05, 0.25),
    }),
  },
  {
    mode: 'F5',
    rule: (d) => ({ fault: 'sqs-failed', applied: d.chance(0.5), when: { first: d.int(1, 2) } }),
  },
  {
    mode: 'F6',
    rule: (d) => ({ fault: 'stream-stall', ms: d.int(300, 3_000), when: some(d, 0.05, 0.2) }),
  },
  {
    mode: 'F8',
    rule: (d) => ({ fault: 'post-gone', delivered: d.chance(0.5), when: some(d, 0.03, 0.2) }),
  },
  {
    mode: 'F9',
    rule: (d) => ({
      fault: 'half-open',
      where: { operation: d.pick(['connect', 'message', 'post']) },
      when: some(d, 0.01, 0.06),
    }),
  },
  { mode: 'F10', rule: (d) => ({ fault: 'disconnect-lost', when: some(d, 0.3, 1) }) },
  {
    mode: 'F10',
    rule: (d) => ({ fault: 'disconnect-late', ms: d.int(500, 5_000), when: some(d, 0.3, 1) }),
  },
  {
    mode: 'F11',
    rule: (d) => ({
      fault: 'dynamodb-conflict',
      where: { function: '*' },
      when: some(d, 0.02, 0.15),
    }),
  },
  {
    mode: 'F12',
    rule: (d) => ({
      fault: 'dynamodb-failed',
      applied: true,
      where: {
        function: '*',
        operation: d.pick(['UpdateItem', 'PutItem', 'TransactWriteItems', 'DeleteItem']),
      },
      when: some(d, 0.05, 0.3),
    }),
  },
  {
    mode: 'F13',
    rule: (d) => ({
      fault: 'dynamodb-throttled',
      error: d.pick(['ProvisionedThroughputExceededException', 'ThrottlingException']),
      where: { function: '*' },
      when: some(d, 0.02, 0.12),
    }),
  },
  {
    mode: 'F15',
    rule: (d) => ({
      fault: d.pick(['function-timeout', 'function-crash', 'function-out-of-memory']),
      moment: 'middle',
      service: d.pick(['connections', 'dynamodb']),
      calls: d.int(1, 5),
      where: { resource: BROADCAST },
      when: some(d, 0.1, 0.4),
    }),
  },
  {
    mode: 'F15',
    rule: (d) => ({
      fault: d.pick(['function-timeout', 'function-crash']),
      moment: d.pick(['before', 'middle', 'after']),
      calls: d.int(1, 3),
      when: some(d, 0.02, 0.1),
    }),
  },
  {
    mode: 'F16',
    rule: (d) => ({
      fault: 'dynamodb-failed',
      where: { function: '*' },
      when: { rate: 0.7, afterMs: d.int(0, 2_000), untilMs: d.int(2_000, 4_000) },
    }),
  },
  {
    mode: 'F17',
    rule: (d) => ({
      fault: 'function-throttled',
      where: { resource: '*Connect' },
      when: some(d, 0.2, 0.6),
    }),
  },
  {
    mode: 'F19',
    rule: (d) => ({ fault: 'clock-skew', ms: d.int(-10, 10) * MINUTE_MS, when: some(d, 0.3, 0.8) }),
  },
  {
    mode: 'F21',
    rule: (d) => ({ fault: 'post-throttled', delivered: d.chance(0.3), when: some(d, 0.1, 0.5) }),
  },
  {
    mode: 'aws',
    rule: (d) => ({ fault: 'post-failed', delivered: d.chance(0.3), when: some(d, 0.05, 0.3) }),
  },
  { mode: 'aws', rule: (d) => ({ fault: 'post-lost', when: some(d, 0.1, 0.5) }) },
  {
    mode: 'aws',
    rule: (d) => ({ fault: 'post-slow', ms: d.int(50, 800), when: some(d, 0.05, 0.2) }),
  },
  { mode: 'aws', rule: (d) => ({ fault: 'function-throttled', when: some(d, 0.02, 0.12) }) },
  { mode: 'aws', rule: (d) => ({ fault: 'function-cold', when: some(d, 0.02, 0.1) }) },
  {
    mode: 'aws',
    rule: (d) => ({
      fault: 'dynamodb-stale',
      ms: d.int(500, 20_000),
      where: { function: '*' },
      when: some(d, 0.1, 0.6),
    }),
  },
  {
    mode: 'aws',
    rule: (d) => ({
      fault: 'dynamodb-unprocessed',
      where: { function: '*' },
      when: some(d, 0.2, 0.8),
    }),
  },
  {
    mode: 'aws',
    rule: (d) => ({
      fault: 'dynamodb-slow',
      ms: d.int(20, 500),
      where: { function: '*' },
      when: some(d, 0.02, 0.1),
    }),
  },
  {
    mode: 'net',
    rule: (d) => ({
      fault: 'cut',
      where: { operation: d.pick(['connect', 'message', 'post']) },
      when: some(d, 0.02, 0.1),
    }),
  },
  {
    mode: 'net',
    rule: (d) => ({
      fault: d.pick(['idle-limit', 'duration-limit']),
      where: { operation: d.pick(['message', 'post']) },
      when: some(d, 0.02, 0.08),
    }),
  },
  { mode: 'net', rule: (d) => ({ fault: 'frame-lost', when: some(d, 0.03, 0.12) }) },
];

/** A rule of the menu. */
export const drawRule = (dice: Dice): FaultRule => dice.pick(MENU).rule(dice);
