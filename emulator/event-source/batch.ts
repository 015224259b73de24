/**
 * What becomes of a batch after an invocation: a pure decision from the batch, how the invocation
 * ended and the mapping's settings.
 *
 * - A function error fails the whole batch, and so does a partial-batch response that names nothing
 *   of the batch. With bisecting on, a failed batch is cut in two, which costs no retry.
 * - A good partial-batch response lets the batch go on from the lowest number it names. Having got
 *   on, the remainder starts its retries anew.
 * - What never reached the function (throttled, missing, denied) is tried again without counting.
 *
 * AWS does not say which half of an odd batch is larger; here it is the first. Nor does it say what
 * a response that is no object means with partial responses on; here it is success.
 */
import type { Invoke } from '../invocation.ts';
import type { EventSourceMappingResource } from '../model.ts';
import { ageMs, compareSequenceNumbers, sequenceNumberOf, type StreamRecord } from './stream.ts';

export interface Batch {
  readonly records: readonly StreamRecord[];
  /** The number of its next invocation that counts: 1, and 2 after the first failure. */
  readonly attempt: number;
}

export type BatchSettings = Pick<
  EventSourceMappingResource,
  'maximumRetryAttempts' | 'maximumRecordAgeSeconds' | 'bisectOnError' | 'reportBatchItemFailures'
>;

export type Outcome = Awaited<ReturnType<Invoke>>;

/** AWS's words for why records are given up, as the failure record has them. */
export type GiveUpCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** Records of the batch that the answer no longer holds are done. */
export type Next =
  | { readonly next: 'checkpoint'; readonly after: string }
  | ({ readonly next: 'retry' } & Batch)
  | { readonly next: 'bisect'; readonly halves: readonly [Batch, Batch] }
  | { readonly next: 'give-up'; readonly condition: GiveUpCondition };

/** A stream keeps its records for 24 hours, whatever age a mapping allows. */
const STREAM_RETENTION_SECONDS = 86_400;

/** Decides after an invocation of `batch`, which must not be empty. */
export function decide(batch: Batch, outcome: Outcome, settings: BatchSettings): Next {
  if (outcome.outcome === 'failed') return afterFailure(batch, settings);
  if (outcome.outcome !== 'returned') return { next: 'retry', ...batch };
  const failed = settings.reportBatchItemFailures
    ? lowestFailure(outcome.payload, batch.records)
    : NO_FAILURE;
  if (failed === NO_FAILURE) return { next: 'checkpoint', after: highestOf(batch.records) };
  return failed === ALL_FAILED ? afterFailure(batch, settings) : from(failed, batch, settings);
}

/** Splits off what has grown too old to be invoked with (again). */
export function splitByAge(
  batch: Batch,
  settings: BatchSettings,
  nowMs: number,
): { readonly expired: readonly StreamRecord[]; readonly fresh: Batch } {
  const allowed = settings.maximumRecordAgeSeconds;
  const maximumSeconds =
    allowed < 0 ? STREAM_RETENTION_SECONDS : Math.min(allowed, STREAM_RETENTION_SECONDS);
  const isOld = (record: StreamRecord) => ageMs(record, nowMs) > maximumSeconds * 1000;
  return {
    expired: batch.records.filter(isOld),
    fresh: { ...batch, records: batch.records.filter((record) => !isOld(record)) },
  };
}

function afterFailure(batch: Batch, settings: BatchSettings): Next {
  if (!settings.bisectOnError || batch.records.length < 2) return again(batch, settings);
  // In the stream's order, whatever a fault has made of it: no half overtakes the other.
  const records = batch.records.toSorted((a, b) =>
    compareSequenceNumbers(sequenceNumberOf(a), sequenceNumberOf(b)),
  );
  const middle = Math.ceil(records.length / 2);
  return {
    next: 'bisect',
    halves: [
      { ...batch, records: records.slice(0, middle) },
      { ...batch, records: records.slice(middle) },
    ],
  };
}

/** Bisecting has no part here: AWS cuts a partly failed batch at the number and nowhere else. */
function from(failed: string, batch: Batch, settings: BatchSettings): Next {
  const remainder = batch.records.filter(
    (record) => compareSequenceNumbers(sequenceNumberOf(record), failed) >= 0,
  );
  return remainder.length < batch.records.length
    ? { next: 'retry', records: remainder, attempt: 1 }
    : again(batch, settings);
}

function again(batch: Batch, settings: BatchSettings): Next {
  const { maximumRetryAttempts } = settings;
  return maximumRetryAttempts >= 0 && batch.attempt > maximumRetryAttempts
    ? { next: 'give-up', condition: 'RetryAttemptsExhausted' }
    : { next: 'retry', records: batch.records, attempt: batch.attempt + 1 };
}

const NO_FAILURE = Symbol('no failure');
const ALL_FAILED = Symbol('all failed');

/** The lowest number a partial-batch response names; one entry that names nothing fails them all. */
function lowestFailure(
  payload: unknown,
  records: readonly StreamRecord[],
): string | typeof NO_FAILURE | typeof ALL_FAILED {
  const failures = property(payload, 'batchItemFailures') ?? [];
  if (!Array.isArray(failures)) return ALL_FAILED;
  if (failures.length === 0) return NO_FAILURE;
  const known = new Set(records.map(sequenceNumberOf));
  const named = failures.flatMap((failure) => {
    const identifier = property(failure, 'itemIdentifier');
    return typeof identifier === 'string' && known.has(identifier) ? [identifier] : [];
  });
  const lowest = named.toSorted(compareSequenceNumbers)[0];
  return lowest === undefined || named.length < failures.length ? ALL_FAILED : lowest;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value).find(([name]) => name === key)?.[1] as unknown)
    : undefined;
}

function highestOf(records: readonly StreamRecord[]): string {
  const highest = records.map(sequenceNumberOf).toSorted(compareSequenceNumbers).at(-1);
  if (highest === undefined) throw new Error('a batch cannot be empty');
  return highest;
}
