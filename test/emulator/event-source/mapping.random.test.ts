import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { failing, QUEUE_ARN, startHarness, Thrown } from './mapping-harness.ts';
import { createStreamDouble, numberOf } from './stream-double.ts';

/**
 * A whole mapping with real promises and a hand-moved clock: changes of several items, in shards that
 * split while they are read, and a function that throws, is throttled, or fails part of a batch as
 * the run says. However it goes, each record succeeds or is reported, once, and none is overtaken by
 * a later one of its item (of its shard, with a parallelization factor of 1).
 */
const ANSWER = fc.oneof(
  { weight: 3, arbitrary: fc.constant('success') },
  fc.constantFrom('throw', 'throttle', 'unknown number'),
  // Fails from the record at this place of the batch on.
  fc.nat({ max: 9 }),
);
type Answer = 'success' | 'throw' | 'throttle' | 'unknown number' | number;

const RUN = fc.record({
  writes: fc.array(fc.record({ item: fc.nat({ max: 5 }), splitAfter: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  }),
  answers: fc.array(ANSWER as fc.Arbitrary<Answer>, { maxLength: 60 }),
  mapping: fc.record({
    batchSize: fc.integer({ min: 1, max: 8 }),
    batchingWindowSeconds: fc.constantFrom(0, 2),
    maximumRetryAttempts: fc.integer({ min: -1, max: 2 }),
    bisectOnError: fc.boolean(),
    reportBatchItemFailures: fc.boolean(),
    parallelizationFactor: fc.constantFrom(1, 3),
  }),
});

/** A function that answers as it is told and then succeeds, and writes down what it has seen. */
function scripted(answers: readonly Answer[], reportsFailures: boolean) {
  const begun: number[] = [];
  const succeeded: number[] = [];
  let invocations = 0;
  const handler = (sequences: readonly number[]) => {
    const answer = answers[invocations] ?? 'success';
    invocations += 1;
    begun.push(...sequences.filter((sequence) => !begun.includes(sequence)));
    if (answer === 'throw') throw new Thrown('no');
    if (answer === 'throttle') return { outcome: 'throttled', requestId: 'q' };
    const failedAt = answer === 'unknown number' ? 0 : Number(answer);
    const first = sequences[failedAt];
    const fails = answer !== 'success' && first !== undefined;
    succeeded.push(...(fails && reportsFailures ? sequences.slice(0, failedAt) : sequences));
    if (!fails) return null;
    return answer === 'unknown number' ? failing(999) : failing(first);
  };
  return { handler, begun, succeeded };
}

test('ends every record once and in order, whatever the function does', async () => {
  let reportedInAll = 0;
  await fc.assert(
    fc.asyncProperty(RUN, async ({ writes, answers, mapping }) => {
      const script = scripted(answers, mapping.reportBatchItemFailures);
      const double = createStreamDouble(['shard-0']);
      const harness = startHarness({
        double,
        mapping: { ...mapping, onFailureArn: QUEUE_ARN },
        handler: script.handler,
      });
      let shard = 0;
      for (const [index, { item, splitAfter }] of writes.entries()) {
        double.write(`shard-${shard}`, { sort: `item-${item}` });
        if (splitAfter) double.split(`shard-${shard}`, [`shard-${(shard += 1)}`]);
        if (index % 3 === 0) harness.mapping.wake();
      }
      harness.mapping.wake();
      await harness.settle(2000);
      harness.mapping.close();

      const all = writes.map((_, index) => index + 1);
      const reports = harness.sent.map(({ body }) => body.DDBStreamBatchInfo);
      const reported = reports.reduce((sum, { batchSize }) => sum + batchSize, 0);
      reportedInAll += reported;
      expect(new Set(script.succeeded).size).toBe(script.succeeded.length);
      expect(script.succeeded.length + reported).toBe(all.length);
      const ends = reports.flatMap((it) => [it.startSequenceNumber, it.endSequenceNumber]);
      expect(script.succeeded.filter((it) => ends.includes(numberOf(it)))).toEqual([]);

      const inOrder = (sequences: readonly number[]) =>
        expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
      for (const item of new Set(writes.map((write) => write.item))) {
        inOrder(script.begun.filter((sequence) => writes[sequence - 1]?.item === item));
      }
      if (mapping.parallelizationFactor === 1) inOrder(script.begun);
    }),
    { numRuns: 150 },
  );
  // A run in which nothing was ever given up would prove little.
  expect(reportedInAll).toBeGreaterThan(0);
});
