import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  decide,
  splitByAge,
  type Batch,
  type BatchSettings,
  type Outcome,
} from '../../../emulator/event-source/batch.ts';
import { compareSequenceNumbers } from '../../../emulator/event-source/stream.ts';
import { numberOf, record, STARTED_AT } from './stream-double.ts';

const settings: BatchSettings = {
  maximumRetryAttempts: 3,
  maximumRecordAgeSeconds: -1,
  bisectOnError: false,
  reportBatchItemFailures: true,
};
const batch = (sequences: readonly number[], attempt = 1): Batch => ({
  records: sequences.map((sequence) => record({ sequence })),
  attempt,
});
const returned = (payload: unknown): Outcome => ({ outcome: 'returned', requestId: 'q', payload });
const failed: Outcome = {
  outcome: 'failed',
  requestId: 'q',
  errorType: 'Error',
  errorMessage: 'no',
  timedOut: false,
};
const failing = (...sequences: readonly number[]) =>
  returned({
    batchItemFailures: sequences.map((sequence) => ({ itemIdentifier: numberOf(sequence) })),
  });
const onlyId = (itemIdentifier: unknown) => returned({ batchItemFailures: [{ itemIdentifier }] });

describe('a response', () => {
  test.each([
    ['[]', []],
    ['null', null],
    ['{}', {}],
    ['no failures', { batchItemFailures: [] }],
    ['null failures', { batchItemFailures: null }],
  ])('[REC f14] of %s is the success of the whole batch', (_, payload) => {
    expect(decide(batch([1, 2, 3]), returned(payload), settings)).toEqual({
      next: 'checkpoint',
      after: numberOf(3),
    });
  });

  test('[REC f15] is checkpointed at the lowest number it names; the rest is tried again', () => {
    expect(decide(batch([1, 2, 3, 4]), failing(4, 3), settings)).toEqual({
      next: 'retry',
      ...batch([3, 4]),
    });
  });

  test.each([
    ['an empty text', onlyId('')],
    ['null', onlyId(null)],
    ['a number that is not in the batch', onlyId(123)],
    ['another number as text', onlyId('123')],
    ['a wrong key', returned({ batchItemFailures: [{ foo: 123 }] })],
    ['a wrong key of null', returned({ batchItemFailures: [{ foo: null }] })],
  ])('[REC f16] that names %s fails the whole batch', (_, outcome) => {
    expect(decide(batch([1, 2]), outcome, settings)).toEqual({
      next: 'retry',
      ...batch([1, 2], 2),
    });
  });

  test('[REC f16] fails the whole batch when one of many identifiers is bad', () => {
    const mixed = returned({
      batchItemFailures: [{ itemIdentifier: numberOf(2) }, { itemIdentifier: '' }],
    });
    expect(decide(batch([1, 2]), mixed, settings)).toEqual({ next: 'retry', ...batch([1, 2], 2) });
  });

  test('means nothing but success when partial responses are off', () => {
    const off = { ...settings, reportBatchItemFailures: false };
    expect(decide(batch([1, 2]), failing(1), off)).toEqual({
      next: 'checkpoint',
      after: numberOf(2),
    });
  });
});

describe('retries', () => {
  test('[REC f17] with 3 retries the fourth invocation is the last', () => {
    expect(decide(batch([1], 3), failed, settings)).toEqual({ next: 'retry', ...batch([1], 4) });
    expect(decide(batch([1], 4), failed, settings)).toEqual({
      next: 'give-up',
      condition: 'RetryAttemptsExhausted',
    });
  });

  test('[REC f18] begin again for the remainder of a batch that got on', () => {
    expect(decide(batch([3, 4, 5], 4), failing(5), settings)).toEqual({
      next: 'retry',
      ...batch([5], 1),
    });
  });

  test('[REC f18] go on counting when the first record is the one that fails', () => {
    expect(decide(batch([5, 6], 2), failing(5), settings)).toEqual({
      next: 'retry',
      ...batch([5, 6], 3),
    });
    expect(decide(batch([5, 6], 4), failing(5, 6), settings).next).toBe('give-up');
  });

  test('[DOC f21] are without end by default', () => {
    const endless = { ...settings, maximumRetryAttempts: -1 };
    expect(decide(batch([1], 9999), failed, endless).next).toBe('retry');
  });

  test.each(['throttled', 'missing', 'denied'] as const)(
    '[DOC f22] are not used up when the function was %s',
    (outcome) => {
      expect(decide(batch([1, 2], 4), { outcome, requestId: 'q' }, settings)).toEqual({
        next: 'retry',
        ...batch([1, 2], 4),
      });
    },
  );
});

describe('bisecting', () => {
  const bisecting = { ...settings, bisectOnError: true };

  test('[DOC f23] cuts a failed batch in two and uses up no retry', () => {
    expect(decide(batch([1, 2, 3], 4), failed, bisecting)).toEqual({
      next: 'bisect',
      halves: [batch([1, 2], 4), batch([3], 4)],
    });
  });

  test('cuts a batch that a fault has shuffled in the stream’s order', () => {
    expect(decide(batch([4, 1, 3, 2]), failed, bisecting)).toEqual({
      next: 'bisect',
      halves: [batch([1, 2]), batch([3, 4])],
    });
  });

  test('[DOC f23] happens on failure whether or not partial responses are on', () => {
    const off = { ...bisecting, reportBatchItemFailures: false };
    expect(decide(batch([1, 2]), failed, off).next).toBe('bisect');
    expect(decide(batch([1, 2]), onlyId(''), bisecting).next).toBe('bisect');
  });

  test('[DOC f24] gives way to the number a partial response names', () => {
    expect(decide(batch([1, 2, 3]), failing(2), bisecting)).toEqual({
      next: 'retry',
      ...batch([2, 3]),
    });
    expect(decide(batch([2, 3]), failing(2), bisecting)).toEqual({
      next: 'retry',
      ...batch([2, 3], 2),
    });
  });

  test('leaves a single record to its retries', () => {
    expect(decide(batch([1]), failed, bisecting)).toEqual({ next: 'retry', ...batch([1], 2) });
  });
});

describe('the age of records', () => {
  const nowMs = (STARTED_AT + 100) * 1000;
  const mixed: Batch = {
    attempt: 2,
    records: [
      record({ sequence: 1, atSeconds: STARTED_AT }),
      record({ sequence: 2, atSeconds: STARTED_AT + 50 }),
    ],
  };
  const numbers = ({ records }: Pick<Batch, 'records'>) =>
    records.map((it) => it.dynamodb.SequenceNumber);

  test('[DOC f25] splits off those above the maximum', () => {
    const { expired, fresh } = splitByAge(
      mixed,
      { ...settings, maximumRecordAgeSeconds: 60 },
      nowMs,
    );
    expect(numbers({ records: expired })).toEqual([numberOf(1)]);
    expect(numbers(fresh)).toEqual([numberOf(2)]);
    expect(fresh.attempt).toBe(2);
  });

  test('[DOC f25] has no limit by default but the 24 hours of the stream', () => {
    expect(splitByAge(mixed, settings, nowMs).expired).toEqual([]);
    const dayLater = (STARTED_AT + 86_400) * 1000 + 1;
    expect(splitByAge(mixed, settings, dayLater).expired).toHaveLength(1);
    const week = { ...settings, maximumRecordAgeSeconds: 604_800 };
    expect(splitByAge(mixed, week, dayLater).expired).toHaveLength(1);
  });
});

/**
 * Works a batch off with scripted outcomes, as `process-batch.ts` does, and writes down what became
 * of each record and in which order.
 */
function workOff(first: Batch, outcomes: readonly Outcome[], rules: BatchSettings) {
  let pieces: readonly Batch[] = [first];
  const succeeded: string[] = [];
  const givenUp: string[] = [];
  const ends: string[] = [];
  let invocations = 0;
  const numbers = (records: Batch['records']) => records.map((it) => it.dynamodb.SequenceNumber);
  while (pieces.length > 0) {
    const [piece, ...rest] = pieces;
    if (piece === undefined) break;
    const outcome = outcomes[invocations] ?? returned(null);
    invocations += 1;
    const next = decide(piece, outcome, rules);
    const kept = next.next === 'retry' ? [next] : next.next === 'bisect' ? next.halves : [];
    const keptNumbers = new Set(kept.flatMap((it) => numbers(it.records)));
    const done = numbers(piece.records).filter((it) => !keptNumbers.has(it));
    (next.next === 'give-up' ? givenUp : succeeded).push(...done);
    ends.push(...done);
    pieces = [...kept, ...rest];
  }
  return { succeeded, givenUp, ends };
}

describe('any sequence of outcomes', () => {
  const size = fc.integer({ min: 1, max: 12 });
  const outcome = fc.oneof(
    fc.constant(failed),
    fc.constant(returned(null)),
    fc.constant<Outcome>({ outcome: 'throttled', requestId: 'q' }),
    fc.constant(onlyId('')),
    fc
      .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })
      .map((it) => failing(...it)),
  );
  const rules = fc.record<BatchSettings>({
    maximumRetryAttempts: fc.integer({ min: -1, max: 3 }),
    maximumRecordAgeSeconds: fc.constant(-1),
    bisectOnError: fc.boolean(),
    reportBatchItemFailures: fc.boolean(),
  });
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  test('ends every record exactly once, in the order of the shard', () => {
    fc.assert(
      fc.property(size, fc.array(outcome, { maxLength: 40 }), rules, (count, outcomes, given) => {
        const { succeeded, givenUp, ends } = workOff(batch(upTo(count)), outcomes, given);
        expect(ends).toEqual(upTo(count).map(numberOf));
        expect([...succeeded, ...givenUp].toSorted(compareSequenceNumbers)).toEqual(ends);
        if (given.maximumRetryAttempts < 0) expect(givenUp).toEqual([]);
      }),
    );
  });

  test('lets a partial response finish exactly what is below its lowest number', () => {
    fc.assert(
      fc.property(
        size.chain((count) =>
          fc.tuple(
            fc.constant(count),
            fc.uniqueArray(fc.integer({ min: 1, max: count }), { minLength: 1 }),
          ),
        ),
        ([count, named]) => {
          const next = decide(batch(upTo(count)), failing(...named), settings);
          const lowest = Math.min(...named);
          expect(next).toMatchObject({
            next: 'retry',
            records: upTo(count)
              .filter((sequence) => sequence >= lowest)
              .map((sequence) => record({ sequence })),
          });
        },
      ),
    );
  });
});
