import { describe, expect, test } from 'vitest';

import { memoryCheckpoints } from '../../../emulator/event-source/checkpoints.ts';
import { MAX_PAYLOAD_BYTES } from '../../../emulator/event-source/lane.ts';
import {
  failing,
  FUNCTION_ARN,
  heldAt,
  QUEUE_ARN,
  startHarness,
  Thrown,
  turns,
} from './mapping-harness.ts';
import { createStreamDouble, numberOf, STARTED_AT } from './stream-double.ts';

const fail = () => {
  throw new Thrown('no');
};

describe('reading', () => {
  test('[DOC f7] invokes as soon as there are records, even one', async () => {
    const { write, mapping, invocations } = startHarness();
    await mapping.quiet();
    write(1);
    await mapping.quiet();
    write(2);
    await mapping.quiet();
    expect(invocations).toEqual([[1], [2, 3]]);
  });

  test('[DOC f8] hands on batches of at most the batch size, in the order of the shard', async () => {
    const { write, mapping, invocations } = startHarness({ mapping: { batchSize: 3 } });
    write(7);
    await mapping.quiet();
    expect(invocations).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  test('[REC f43] may have more than ten records without a window', async () => {
    const { write, mapping, invocations } = startHarness({ mapping: { batchSize: 100 } });
    write(20);
    await mapping.quiet();
    expect(invocations.map((batch) => batch.length)).toEqual([20]);
  });

  test('reads more than one page of 1,000 records', async () => {
    const { write, mapping, invocations } = startHarness({ mapping: { batchSize: 600 } });
    write(2500);
    await mapping.quiet();
    expect(invocations.flat()).toHaveLength(2500);
    expect(invocations.every((batch) => batch.length <= 600)).toBe(true);
  });

  test('[DOC f9] TRIM_HORIZON begins with the oldest record, LATEST after the newest', async () => {
    const double = createStreamDouble();
    double.write();
    const horizon = startHarness({ double });
    const latest = startHarness({ double, mapping: { startingPosition: 'LATEST' } });
    await latest.mapping.ready;
    latest.write(1);
    horizon.mapping.wake();
    await horizon.mapping.quiet();
    await latest.mapping.quiet();
    expect(horizon.invocations.flat()).toEqual([1, 2]);
    expect(latest.invocations).toEqual([[2]]);
  });

  test('LATEST fixes its position at the start also of an empty shard, and keeps it', async () => {
    const double = createStreamDouble();
    const checkpoints = memoryCheckpoints();
    const mapping = { startingPosition: 'LATEST' as const };
    const first = startHarness({ double, mapping, options: { checkpoints } });
    await first.mapping.ready;
    first.mapping.close();
    double.write();
    const second = startHarness({ double, mapping, options: { checkpoints } });
    await second.mapping.quiet();
    expect(second.invocations).toEqual([[1]]);
  });

  test('[DOC f5] finishes a parent shard before its children begin', async () => {
    const double = createStreamDouble(['old']);
    const held = heldAt(1);
    const { mapping, invocations, write } = startHarness({ double, handler: held.handler });
    write(1, 'old');
    await held.entered;
    double.split('old', ['left', 'right']);
    double.write('left');
    double.write('right');
    mapping.wake();
    await turns();
    expect(double.reads).not.toContain('left');
    held.release();
    await mapping.quiet();
    expect(invocations[0]).toEqual([1]);
    expect(invocations.flat().toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  test('reads a shard born later from its first record, also with LATEST', async () => {
    const double = createStreamDouble(['old']);
    const { mapping, invocations } = startHarness({
      double,
      mapping: { startingPosition: 'LATEST' },
    });
    await mapping.ready;
    double.split('old', ['new']);
    double.write('new');
    mapping.wake();
    await mapping.quiet();
    expect(invocations).toEqual([[1]]);
  });

  test('[DOC f10] polls four times a second, with a phase of its own', async () => {
    const { double, clock, still } = startHarness({
      options: { pollMs: 250, random: () => 0.5 },
    });
    await still();
    const readsAfter = async (ms: number) => {
      clock.advance(ms);
      await still();
      return double.reads.length;
    };
    expect(await readsAfter(124)).toBe(0);
    expect(await readsAfter(1)).toBe(1);
    expect(await readsAfter(249)).toBe(1);
    expect(await readsAfter(1)).toBe(2);
  });

  test('is not hurried by a wake when it polls by the clock', async () => {
    const { clock, write, still, invocations } = startHarness({
      options: { pollMs: 250, random: () => 0 },
    });
    await still();
    write(1);
    await still();
    expect(invocations).toEqual([]);
    clock.advance(250);
    await still();
    expect(invocations).toEqual([[1]]);
  });

  test('tries again when the stream cannot be read, and says so', async () => {
    const { double, clock, lines, write, still, invocations, mapping } = startHarness();
    await mapping.quiet();
    double.failReads(new Error('no engine'));
    write(1);
    await still();
    expect(lines).toEqual([
      'emulator: App/Broadcast/Mapping: cannot read shard-1: Error: no engine',
    ]);
    double.failReads(undefined);
    clock.advance(1000);
    await mapping.quiet();
    expect(invocations).toEqual([[1]]);
  });
});

describe('batches', () => {
  test('[DOC f11] wait for the batching window, from the end of the last invocation', async () => {
    const { clock, write, still, invocations } = startHarness({
      mapping: { batchingWindowSeconds: 2 },
    });
    await still();
    clock.advance(500);
    write(1);
    await still();
    clock.advance(1499);
    write(1);
    await still();
    expect(invocations).toEqual([]);
    clock.advance(1);
    await still();
    expect(invocations).toEqual([[1, 2]]);
    write(1);
    clock.advance(1999);
    await still();
    expect(invocations).toHaveLength(1);
    clock.advance(1);
    await still();
    expect(invocations).toEqual([[1, 2], [3]]);
  });

  test('[DOC f11] leave before the window ends when they are full, and the next window begins', async () => {
    const { clock, write, still, invocations } = startHarness({
      mapping: { batchingWindowSeconds: 300, batchSize: 2 },
    });
    await still();
    clock.advance(100_000);
    write(3);
    await still();
    expect(invocations).toEqual([[1, 2]]);
    clock.advance(299_999);
    await still();
    expect(invocations).toHaveLength(1);
    clock.advance(1);
    await still();
    expect(invocations).toEqual([[1, 2], [3]]);
  });

  test('[DOC f12] are cut at 6 MB of payload', async () => {
    const text = 'x'.repeat(350_000);
    const { write, still, invocations } = startHarness({ mapping: { batchingWindowSeconds: 300 } });
    write(20, 'shard-1', { image: { text: { S: text } } });
    await still();
    // 17 records of a little over 350,000 bytes fit into 6,291,456, and the rest waits.
    expect(Math.floor(MAX_PAYLOAD_BYTES / text.length)).toBe(17);
    expect(invocations.map((batch) => batch.length)).toEqual([17]);
  });

  test('[DOC f13] hold only records that pass; the others move the position', async () => {
    const checkpoints = memoryCheckpoints();
    const { write, mapping, invocations } = startHarness({
      mapping: {
        batchSize: 2,
        filters: [
          '{"dynamodb":{"NewImage":{"kind":{"S":["message"]}}}}',
          '{"eventName":["REMOVE"]}',
        ],
      },
      options: { checkpoints },
    });
    const message = { image: { kind: { S: 'message' } } };
    write(1, 'shard-1', message);
    write(2, 'shard-1');
    write(1, 'shard-1', message);
    write(1, 'shard-1');
    await mapping.quiet();
    expect(invocations).toEqual([[1, 4]]);
    expect(checkpointOf(checkpoints)).toBe(numberOf(5));
  });
});

describe('a failing batch', () => {
  const givesUp = { maximumRetryAttempts: 3, onFailureArn: QUEUE_ARN };

  test('[REC f17] is invoked four times with 3 retries, then reported', async () => {
    const { write, settle, invocations, sent, lines } = startHarness({
      mapping: { ...givesUp, batchSize: 2 },
      handler: ([first]) => (first === 1 ? fail() : null),
    });
    write(3);
    await settle();
    expect(invocations).toEqual([[1, 2], [1, 2], [1, 2], [1, 2], [3]]);
    expect(sent).toMatchObject([
      {
        queueArn: QUEUE_ARN,
        body: {
          requestContext: {
            requestId: 'request-4',
            functionArn: FUNCTION_ARN,
            condition: 'RetryAttemptsExhausted',
            approximateInvokeCount: 4,
          },
          responseContext: { functionError: 'Unhandled' },
          DDBStreamBatchInfo: {
            shardId: 'shard-1',
            startSequenceNumber: numberOf(1),
            endSequenceNumber: numberOf(2),
            batchSize: 2,
          },
        },
      },
    ]);
    expect(lines).toEqual([
      'broadcast: App/Broadcast/Mapping gave up 2 record(s) of shard-1: ' +
        `RetryAttemptsExhausted after 4 invocation(s); reported to ${QUEUE_ARN}`,
    ]);
  });

  test('[REC f18] has its retries anew after a partial success: item 5 is seen five times', async () => {
    const { write, settle, invocations, sent } = startHarness({
      mapping: { ...givesUp, batchSize: 3, reportBatchItemFailures: true },
      handler: (sequences) => (sequences.includes(5) ? failing(5) : null),
    });
    write(5);
    await settle();
    expect(invocations).toEqual([[1, 2, 3], [4, 5], [5], [5], [5], [5]]);
    expect(sent.map(({ body }) => body)).toMatchObject([
      {
        requestContext: { approximateInvokeCount: 4 },
        responseContext: { functionError: null },
        DDBStreamBatchInfo: { startSequenceNumber: numberOf(5), batchSize: 1 },
      },
    ]);
  });

  test('[DOC f23] is bisected down to the record that fails, which alone is given up', async () => {
    const { write, settle, invocations, sent } = startHarness({
      mapping: { ...givesUp, maximumRetryAttempts: 1, bisectOnError: true },
      handler: (sequences) => (sequences.includes(3) ? fail() : null),
    });
    write(4);
    await settle();
    expect(invocations).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(sent.map(({ body }) => body.DDBStreamBatchInfo)).toMatchObject([
      { startSequenceNumber: numberOf(3), endSequenceNumber: numberOf(3) },
    ]);
  });

  test('[DOC f26] blocks its shard and no other', async () => {
    let broken = true;
    const { write, still, settle, invocations, mapping } = startHarness({
      double: createStreamDouble(['a', 'b']),
      handler: ([first]) => (first === 1 && broken ? fail() : null),
    });
    await still();
    write(1, 'a');
    await still();
    write(1, 'a');
    write(1, 'b');
    await still();
    expect(invocations).toEqual([[1], [3]]);
    expect(mapping.state().shards[0]).toMatchObject({ shardId: 'a', held: 2, batches: 1 });
    broken = false;
    await settle();
    expect(invocations).toEqual([[1], [3], [1], [2]]);
  });

  test('waits 100 ms before its first retry and twice as long before each next one', async () => {
    const { clock, write, still, invocations, mapping } = startHarness({ handler: fail });
    write(1);
    await still();
    expect(mapping.state().shards[0]?.retryAtMs).toBe(clock.now() + 100);
    for (const wait of [100, 200, 400, 800]) {
      const before = invocations.length;
      clock.advance(wait - 1);
      await still();
      expect(invocations).toHaveLength(before);
      clock.advance(1);
      await still();
      expect(invocations).toHaveLength(before + 1);
    }
  });

  test.each(['throttled', 'missing', 'denied'] as const)(
    '[DOC f22] that was %s is waited out and has all its retries left',
    async (outcome) => {
      let refusals = 10;
      const { write, settle, invocations, sent } = startHarness({
        mapping: { ...givesUp, maximumRetryAttempts: 0 },
        handler: () => (refusals-- > 0 ? { outcome, requestId: 'q' } : null),
      });
      write(1);
      await settle();
      expect(invocations).toHaveLength(11);
      expect(sent).toEqual([]);
    },
  );

  test('[SRC f] is given up when its records grow too old', async () => {
    const { write, settle, sent, invocations } = startHarness({
      mapping: { ...givesUp, maximumRetryAttempts: -1, maximumRecordAgeSeconds: 60 },
      handler: (sequences) => (sequences.includes(1) ? fail() : null),
    });
    write(1);
    write(1, 'shard-1', { atSeconds: STARTED_AT + 600 });
    await settle(1000);
    expect(invocations.at(-1)).toEqual([2]);
    expect(sent.map(({ body }) => body)).toMatchObject([
      {
        requestContext: {
          condition: 'RecordAgeExceeded',
          // The last one counts: the others were of both records, until the first was too old.
          approximateInvokeCount: invocations.length - 1,
        },
        DDBStreamBatchInfo: { startSequenceNumber: numberOf(1), batchSize: 1 },
      },
    ]);
  });

  test('[DOC f25] is given up after the 24 hours of the stream at the latest', async () => {
    const { clock, write, still, settle, sent } = startHarness({
      mapping: { onFailureArn: QUEUE_ARN },
      handler: fail,
    });
    write(1);
    await still();
    clock.advance(86_400_001);
    await settle();
    expect(sent[0]?.body.requestContext.condition).toBe('RecordAgeExceeded');
  });

  test('goes on when the queue does not take the failure record', async () => {
    const { write, settle, invocations, lines } = startHarness({
      mapping: { ...givesUp, maximumRetryAttempts: 0, batchSize: 1 },
      options: { send: () => Promise.reject(new Error('there is no queue dead')) },
      handler: ([first]) => (first === 1 ? fail() : null),
    });
    write(2);
    await settle();
    expect(invocations).toEqual([[1], [2]]);
    expect(lines[0]).toContain(`not reported to ${QUEUE_ARN}: there is no queue dead`);
  });
});

describe('a parallelization factor', () => {
  test('[DOC f27] runs batches of a shard at once and keeps the order of each item', async () => {
    let running = 0;
    let most = 0;
    const seen = new Map<string, number[]>();
    const double = createStreamDouble();
    const sorts = new Map<number, string>();
    const { mapping, invocations } = startHarness({
      double,
      mapping: { parallelizationFactor: 4, batchSize: 5 },
      async handler(sequences) {
        running += 1;
        most = Math.max(most, running);
        await turns();
        running -= 1;
        for (const sequence of sequences) {
          const sort = sorts.get(sequence) ?? '';
          seen.set(sort, [...(seen.get(sort) ?? []), sequence]);
        }
        return null;
      },
    });
    for (let sequence = 1; sequence <= 200; sequence += 1) {
      const sort = `item-${(sequence * 7) % 11}`;
      sorts.set(sequence, sort);
      double.write('shard-1', { sort });
    }
    mapping.wake();
    await mapping.quiet();
    expect(most).toBe(4);
    expect(invocations.flat()).toHaveLength(200);
    expect(seen.size).toBe(11);
    for (const order of seen.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('[DOC f28] of 1 runs one batch of a shard at a time', async () => {
    let running = 0;
    let most = 0;
    const { write, mapping } = startHarness({
      mapping: { batchSize: 1 },
      async handler() {
        running += 1;
        most = Math.max(most, running);
        await turns();
        running -= 1;
      },
    });
    write(5);
    await mapping.quiet();
    expect(most).toBe(1);
  });

  test('moves the checkpoint only to the lowest record that is finished', async () => {
    const checkpoints = memoryCheckpoints();
    const held = heldAt(2);
    const { write, mapping, invocations } = startHarness({
      mapping: { parallelizationFactor: 10, batchSize: 1 },
      options: { checkpoints },
      handler: held.handler,
    });
    write(20);
    await held.entered;
    await turns();
    expect(invocations.length).toBeGreaterThan(10);
    expect(checkpointOf(checkpoints)).toBe(numberOf(1));
    held.release();
    await mapping.quiet();
    expect(checkpointOf(checkpoints)).toBe(numberOf(20));
  });
});

describe('a position', () => {
  test('[DOC f29] is kept: a mapping started again goes on where it was', async () => {
    const checkpoints = memoryCheckpoints();
    const first = startHarness({ options: { checkpoints } });
    first.write(2);
    await first.mapping.quiet();
    first.mapping.close();
    const second = startHarness({ double: first.double, options: { checkpoints } });
    second.write(1);
    await second.mapping.quiet();
    expect(second.invocations).toEqual([[3]]);
  });

  test('[DOC f29] does not move for a batch that was under way at the end: it comes again', async () => {
    const checkpoints = memoryCheckpoints();
    const held = heldAt(1);
    const first = startHarness({ options: { checkpoints }, handler: held.handler });
    first.write(2);
    await held.entered;
    first.mapping.close();
    held.release();
    await first.still();
    const second = startHarness({ double: first.double, options: { checkpoints } });
    await second.mapping.quiet();
    expect(second.invocations).toEqual([[1, 2]]);
  });

  test('goes back to the oldest record on replay', async () => {
    const checkpoints = memoryCheckpoints();
    const { write, mapping, invocations } = startHarness({
      options: { checkpoints },
      mapping: { startingPosition: 'LATEST' },
    });
    await mapping.ready;
    write(2);
    await mapping.quiet();
    mapping.replay('TRIM_HORIZON');
    await mapping.quiet();
    expect(invocations).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(checkpointOf(checkpoints)).toBe(numberOf(2));
  });

  test('is replayed parent first after a split', async () => {
    const double = createStreamDouble(['old']);
    const { write, mapping, invocations } = startHarness({ double });
    write(2, 'old');
    await mapping.quiet();
    double.split('old', ['new']);
    write(1, 'new');
    await mapping.quiet();
    mapping.replay('TRIM_HORIZON');
    await mapping.quiet();
    expect(invocations).toEqual([[1, 2], [3], [1, 2], [3]]);
  });

  test('is not moved by a read that was under way before a replay', async () => {
    const checkpoints = memoryCheckpoints();
    let broken = false;
    const { double, write, mapping, still } = startHarness({
      options: { checkpoints },
      handler: () => (broken ? fail() : null),
    });
    write(2);
    await mapping.quiet();
    const release = double.holdNextRead();
    mapping.wake();
    broken = true;
    mapping.replay('TRIM_HORIZON');
    release();
    await still();
    expect(checkpointOf(checkpoints)).toBe('TRIM_HORIZON');
  });

  test('and the queue hear nothing of an invocation that ended after the mapping', async () => {
    const checkpoints = memoryCheckpoints();
    const held = heldAt(1);
    const { write, mapping, still, sent } = startHarness({
      options: { checkpoints },
      mapping: { maximumRetryAttempts: 0, onFailureArn: QUEUE_ARN },
      handler: async (sequences) => {
        await held.handler(sequences);
        fail();
      },
    });
    write(1);
    await held.entered;
    mapping.close();
    held.release();
    await still();
    expect(sent).toEqual([]);
    expect(checkpointOf(checkpoints)).toBe('TRIM_HORIZON');
  });

  test('is not moved by an invocation that was under way before a replay', async () => {
    const checkpoints = memoryCheckpoints();
    const held = heldAt(1);
    let calls = 0;
    const { write, mapping, still } = startHarness({
      options: { checkpoints },
      handler: (sequences) => (++calls === 1 ? held.handler(sequences) : fail()),
    });
    write(1);
    await held.entered;
    mapping.replay('TRIM_HORIZON');
    held.release();
    await still();
    expect(checkpointOf(checkpoints)).toBe('TRIM_HORIZON');
  });
});

describe('quiet', () => {
  test('is not fooled by a poll that looked before the last write', async () => {
    const { clock, double, mapping, write, still, invocations } = startHarness({
      options: { pollMs: 250, random: () => 0 },
    });
    await mapping.quiet();
    const release = double.holdNextRead();
    clock.advance(250);
    write(1);
    const quiet = mapping.quiet().then(() => invocations.length);
    release();
    await still();
    for (let polls = 0; polls < 3; polls += 1) {
      clock.advance(250);
      await still();
    }
    expect(await quiet).toBe(1);
  });

  test('waits for a poll that began after the last wake', async () => {
    const { clock, mapping, write, still, invocations } = startHarness({
      options: { pollMs: 250, random: () => 0 },
    });
    await mapping.quiet();
    write(1);
    let quiet = false;
    void mapping.quiet().then(() => (quiet = true));
    clock.advance(250);
    await still();
    expect(invocations).toEqual([[1]]);
    expect(quiet).toBe(false);
    clock.advance(250);
    await mapping.quiet();
    expect(quiet).toBe(true);
  });

  test('does not come while a batch waits for its retry, which state and lag show', async () => {
    let broken = true;
    const { clock, mapping, write, still } = startHarness({
      handler: () => (broken ? fail() : null),
    });
    write(3);
    await still();
    clock.advance(50);
    let quiet = false;
    void mapping.quiet().then(() => (quiet = true));
    await still();
    expect(quiet).toBe(false);
    expect(mapping.state().shards).toMatchObject([{ held: 3, batches: 1 }]);
    expect(mapping.lag()).toEqual({ records: 3, ageMs: 50 });
    broken = false;
    clock.advance(50);
    await mapping.quiet();
    expect(mapping.lag()).toEqual({ records: 0, ageMs: 0 });
  });

  test('comes at once when the mapping is closed, and nothing is invoked any more', async () => {
    const { clock, mapping, write, still, invocations } = startHarness({ handler: fail });
    write(1);
    await still();
    mapping.close();
    await mapping.quiet();
    clock.advance(60_000);
    await still();
    expect(invocations).toHaveLength(1);
    expect(mapping.state().status).toBe('closed');
  });
});

describe('a mapping that is off', () => {
  test('[DOC f31] reads nothing when it is disabled, and keeps its position', async () => {
    const checkpoints = memoryCheckpoints();
    const first = startHarness({ options: { checkpoints } });
    first.write(1);
    await first.mapping.quiet();
    first.mapping.close();
    const disabled = startHarness({
      double: first.double,
      options: { checkpoints },
      mapping: { enabled: false },
    });
    disabled.write(1);
    await disabled.mapping.quiet();
    expect(disabled.invocations).toEqual([]);
    expect(disabled.mapping.state()).toEqual({ status: 'off', shards: [] });
    const enabled = startHarness({ double: first.double, options: { checkpoints } });
    await enabled.mapping.quiet();
    expect(enabled.invocations).toEqual([[2]]);
  });

  test.each([
    [{ filters: ['single-string'] }, 'Invalid filter pattern definition: it is not JSON.'],
    [{ batchSize: 0 }, 'BatchSize is 0, and must be a whole number from 1 to 10000'],
    [{ batchSize: 10_001 }, 'BatchSize is 10001, and must be a whole number from 1 to 10000'],
    [
      { batchingWindowSeconds: 301 },
      'MaximumBatchingWindowInSeconds is 301, and must be a whole number from 0 to 300',
    ],
    [
      { parallelizationFactor: 11 },
      'ParallelizationFactor is 11, and must be a whole number from 1 to 10',
    ],
    [
      { maximumRetryAttempts: 10_001 },
      'MaximumRetryAttempts is 10001, and must be a whole number from -1 to 10000',
    ],
    [
      { maximumRecordAgeSeconds: 604_801 },
      'MaximumRecordAgeInSeconds is 604801, and must be a whole number from 60 to 604800',
    ],
    [
      { maximumRecordAgeSeconds: 59 },
      'MaximumRecordAgeInSeconds is 59, and must be a whole number from 60 to 604800',
    ],
  ])('[DOC f41] says what AWS would have refused: %j', async (mapping, problem) => {
    const { mapping: started, lines, write, invocations } = startHarness({ mapping });
    write(1);
    await started.quiet();
    expect(invocations).toEqual([]);
    expect(started.state().problem).toBe(`App/Broadcast/Mapping: ${problem}`);
    expect(lines).toEqual([`broadcast: App/Broadcast/Mapping: ${problem}`]);
  });
});

test('[DOC f42] a mapping has at most five filters, or what AWS was asked for', async () => {
  const filters = Array.from({ length: 6 }, () => '{}');
  const { mapping, lines } = startHarness({ mapping: { filters } });
  expect(mapping.state()).toMatchObject({ status: 'off' });
  expect(lines).toEqual(['broadcast: App/Broadcast/Mapping: it has 6 filters, and may have 5']);
  const raised = startHarness({ mapping: { filters }, options: { filterLimit: 10 } });
  expect(raised.mapping.state()).toMatchObject({ status: 'on' });
  raised.mapping.close();
});

describe('faults', () => {
  test('may deliver a batch twice or in another order, and the position still comes out right', async () => {
    const checkpoints = memoryCheckpoints();
    const { write, mapping, invocations } = startHarness({
      options: {
        checkpoints,
        faults: { beforeInvoke: (records) => [records.toReversed(), records] },
      },
    });
    write(3);
    await mapping.quiet();
    expect(invocations).toEqual([
      [3, 2, 1],
      [1, 2, 3],
    ]);
    expect(checkpointOf(checkpoints)).toBe(numberOf(3));
  });
});

function checkpointOf(checkpoints: ReturnType<typeof memoryCheckpoints>): string | undefined {
  return checkpoints.get(`Mapping ${createStreamDouble().stream.arn}`, 'shard-1');
}
