import { createActivity } from '../../../emulator/activity.ts';
import { manualClock, type ManualClock } from '../../../emulator/clock.ts';
import type { Outcome } from '../../../emulator/event-source/batch.ts';
import { memoryCheckpoints } from '../../../emulator/event-source/checkpoints.ts';
import {
  startMapping,
  type Mapping,
  type MappingOptions,
} from '../../../emulator/event-source/mapping.ts';
import type { StreamRecord } from '../../../emulator/event-source/stream.ts';
import type { EventSourceMappingResource } from '../../../emulator/model.ts';
import { createStreamDouble, numberOf, sequenceOf, STREAM_ARN } from './stream-double.ts';
import type { StreamDouble } from './stream-double.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:broadcast';
export const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:123456789012:dead';

/** What the scripted function does with a batch; null is its success. */
type Handler = (sequences: readonly number[]) => unknown;

/** Makes the scripted function throw. */
export class Thrown extends Error {}

interface FailureRecord {
  readonly requestContext: { readonly condition: string; readonly approximateInvokeCount: number };
  readonly responseContext?: { readonly functionError: string | null };
  readonly DDBStreamBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly batchSize: number;
  };
}

interface HarnessOptions {
  readonly mapping?: Partial<EventSourceMappingResource>;
  readonly double?: StreamDouble;
  readonly options?: Partial<MappingOptions>;
  readonly handler?: Handler;
}

/** What a test holds of a mapping. */
export interface Harness {
  readonly double: StreamDouble;
  readonly clock: ManualClock;
  readonly mapping: Mapping;
  /** The sequences of each invocation's records. */
  readonly invocations: readonly (readonly number[])[];
  /** The failure records, with the queue they went to. */
  readonly sent: readonly { readonly queueArn: string; readonly body: FailureRecord }[];
  readonly lines: readonly string[];
  /** Writes records with the next sequences and tells the mapping once. */
  write(this: void, count: number, ...fields: Parameters<StreamDouble['write']>): void;
  /** Until nothing goes on without the clock. */
  still(this: void): Promise<void>;
  /** Moves the clock in steps until the mapping is quiet. */
  settle(this: void, stepMs?: number): Promise<void>;
}

/** A mapping with the stream double, a scripted function, and a clock that stands still. */
export function startHarness({ handler = () => null, ...given }: HarnessOptions = {}): Harness {
  const double = given.double ?? createStreamDouble();
  const clock = manualClock();
  const activity = createActivity();
  const invocations: (readonly number[])[] = [];
  const sent: Harness['sent'][number][] = [];
  const lines: string[] = [];
  const resource: EventSourceMappingResource = {
    logicalId: 'Mapping',
    path: 'App/Broadcast/Mapping',
    streamArn: STREAM_ARN,
    functionArn: FUNCTION_ARN,
    enabled: true,
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    batchingWindowSeconds: 0,
    parallelizationFactor: 1,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectOnError: false,
    reportBatchItemFailures: false,
    filters: [],
    ...given.mapping,
  };
  const invoke = async (functionArn: string, event: unknown): Promise<Outcome> => {
    if (functionArn !== FUNCTION_ARN) throw new Error(`unexpected ${functionArn}`);
    const { Records } = event as { Records: readonly StreamRecord[] };
    const sequences = Records.map(sequenceOf);
    invocations.push(sequences);
    const requestId = `request-${invocations.length}`;
    try {
      const payload = await handler(sequences);
      return isOutcome(payload) ? payload : { outcome: 'returned', requestId, payload };
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      const words = { errorType: 'Error', errorMessage: error.message };
      return { outcome: 'failed', requestId, ...words, timedOut: false };
    }
  };
  const mapping = startMapping({
    mapping: resource,
    stream: double.stream,
    invoke,
    async send(queueArn, body) {
      sent.push({ queueArn, body: JSON.parse(body) as FailureRecord });
    },
    checkpoints: memoryCheckpoints(),
    clock,
    activity,
    log: (source, line) => lines.push(`${source}: ${line}`),
    pollMs: 0,
    ...given.options,
  });
  return {
    double,
    clock,
    mapping,
    invocations,
    sent,
    lines,
    write(count, ...fields) {
      for (let index = 0; index < count; index += 1) double.write(...fields);
      mapping.wake();
    },
    still: () => activity.quiet(),
    async settle(stepMs = 60_000) {
      const quiet = mapping.quiet().then(() => true);
      for (let steps = 0; steps < 200; steps += 1) {
        await activity.quiet();
        // The second promise wins only while the first is open.
        if (await Promise.race([quiet, Promise.resolve(false)])) return;
        clock.advance(stepMs);
      }
      throw new Error(`never quiet: ${JSON.stringify(mapping.state())}`);
    },
  };
}

function isOutcome(payload: unknown): payload is Outcome {
  return typeof payload === 'object' && payload !== null && 'outcome' in payload;
}

/** A partial-batch response that names these. */
export function failing(...sequences: readonly number[]): object {
  return { batchItemFailures: sequences.map((it) => ({ itemIdentifier: numberOf(it) })) };
}

export interface HeldHandler {
  readonly handler: Handler;
  /** Resolves when the invocation is under way. */
  readonly entered: Promise<void>;
  release(): void;
}

/** A handler that stays in the invocation that begins with this record until it is released. */
export function heldAt(sequence: number): HeldHandler {
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const handler: Handler = async ([first]) => {
    if (first !== sequence) return;
    entered.resolve();
    await released.promise;
  };
  return { handler, entered: entered.promise, release: () => released.resolve() };
}

/** Lets everything run that waits for nothing from outside; used to show that something did not. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
