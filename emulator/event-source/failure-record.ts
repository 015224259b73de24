/**
 * What a mapping sends to its on-failure queue about records it gives up: where they are in the
 * stream, never the records themselves, which must be fetched there within 24 hours.
 *
 * When the function was never reached (records that were too old, or throttled all along), AWS's
 * words are not recorded; here `responseContext` is left out then.
 */
import type { GiveUpCondition, Outcome } from './batch.ts';
import type { StreamRecord } from './stream.ts';

export interface GivenUp {
  readonly condition: GiveUpCondition;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  /** In the order of the stream; at least one. */
  readonly records: readonly StreamRecord[];
  /** Invocations that counted, all told. */
  readonly invokeCount: number;
  /** Of the last invocation. */
  readonly requestId: string;
  /** How the last invocation ended; absent if there was none. */
  readonly outcome?: Outcome | undefined;
  readonly nowMs: number;
}

/** The body of the failure record, before it becomes JSON. */
export function failureRecord(givenUp: GivenUp): object {
  const { records, outcome, nowMs } = givenUp;
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) throw new Error('nothing was given up');
  return {
    requestContext: {
      requestId: givenUp.requestId,
      functionArn: givenUp.functionArn,
      condition: givenUp.condition,
      approximateInvokeCount: givenUp.invokeCount,
    },
    ...responseContext(outcome),
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: givenUp.shardId,
      startSequenceNumber: first.dynamodb.SequenceNumber,
      endSequenceNumber: last.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: givenUp.streamArn,
    },
  };
}

/** `functionError` is null when a partial-batch response, not an exception, failed the records. */
function responseContext(outcome: Outcome | undefined): object {
  if (outcome?.outcome !== 'returned' && outcome?.outcome !== 'failed') return {};
  return {
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: outcome.outcome === 'failed' ? 'Unhandled' : null,
    },
  };
}

/** Whole seconds without a fraction, unlike `timestamp`. */
function arrival(record: StreamRecord): string {
  const seconds = Math.floor(record.dynamodb.ApproximateCreationDateTime);
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
