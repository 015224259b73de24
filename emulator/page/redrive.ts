import * as v from 'valibot';

import {
  compareSequenceNumbers,
  type Position,
  sequenceNumberOf,
  type StreamRecord,
  type TableStream,
} from '../event-source/stream.ts';
import type { Invoke } from '../invocation.ts';
import type { CloudModel, TableResource } from '../model.ts';
import type { Queues } from '../sqs/queues.ts';

/**
 * Sends a dead letter through again: a failure record names a piece of a stream, whose records are read
 * anew and handed to the function that gave them up. When that goes well the letter is gone; else it stays,
 * and the answer says why.
 */
export type Redrive = (queue: string, messageId: string) => Promise<Redriven>;

export type Redriven = { readonly redriven: number } | { readonly problem: string };

/** What a mapping writes when it gives records up (`event-source/failure-record.ts`). */
const failureSchema = v.object({
  requestContext: v.object({ functionArn: v.string() }),
  DDBStreamBatchInfo: v.object({
    shardId: v.string(),
    startSequenceNumber: v.string(),
    endSequenceNumber: v.string(),
    streamArn: v.string(),
  }),
});
type Failure = v.InferOutput<typeof failureSchema>;

/** Records of one read: what GetRecords brings. */
const PAGE_RECORDS = 1_000;

export function createRedrive(parts: {
  readonly model: CloudModel;
  readonly queues: Pick<Queues, 'messages' | 'remove'>;
  readonly invoke: Invoke;
  readonly openStream: (table: TableResource) => TableStream;
}): Redrive {
  const { model, queues, invoke, openStream } = parts;
  return async (queue, messageId) => {
    const letter = queues.messages(queue).find((message) => message.messageId === messageId);
    if (letter === undefined) return { problem: 'the message is not there any more' };
    const failure = readFailure(letter.body);
    if (failure === undefined) return { problem: 'the message names no records of a stream' };
    const { streamArn } = failure.DDBStreamBatchInfo;
    const table = model.tables.find((one) => one.streamArn === streamArn);
    if (table === undefined) return { problem: `there is no stream ${streamArn}` };
    const records = await recordsOf(openStream(table), failure);
    if (records.length === 0) return { problem: 'the stream has these records no more' };
    const { functionArn } = failure.requestContext;
    const result = await invoke(functionArn, { Records: records }, { kind: 'authorized' });
    const problem = problemOf(result);
    if (problem !== undefined) return { problem };
    queues.remove(queue, messageId);
    return { redriven: records.length };
  };
}

function readFailure(body: string): Failure | undefined {
  try {
    const { success, output } = v.safeParse(failureSchema, JSON.parse(body));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}

/** From the first to the last of them, in the order of the stream. */
async function recordsOf(
  stream: TableStream,
  { DDBStreamBatchInfo: { shardId, startSequenceNumber, endSequenceNumber } }: Failure,
): Promise<readonly StreamRecord[]> {
  const isPast = (number: string, than: string) => compareSequenceNumbers(number, than) > 0;
  const found: StreamRecord[] = [];
  let after: Position = 'TRIM_HORIZON';
  for (;;) {
    const { records, last } = await stream.read(shardId, after, PAGE_RECORDS);
    for (const record of records) {
      const number = sequenceNumberOf(record);
      if (isPast(number, endSequenceNumber)) return found;
      if (!isPast(startSequenceNumber, number)) found.push(record);
    }
    const newest = records.at(-1);
    const reached = last ?? (newest && sequenceNumberOf(newest));
    if (reached === undefined || records.length < PAGE_RECORDS) return found;
    after = { sequenceNumber: reached };
  }
}

/** Why it did not go well, in a line. */
function problemOf(result: Awaited<ReturnType<Invoke>>): string | undefined {
  if (result.outcome === 'failed') return `${result.errorType}: ${result.errorMessage}`;
  if (result.outcome !== 'returned') return `the function was ${result.outcome}`;
  const { payload } = result;
  const failures: unknown =
    typeof payload === 'object' && payload !== null
      ? Reflect.get(payload, 'batchItemFailures')
      : undefined;
  const count = Array.isArray(failures) ? failures.length : 0;
  return count === 0 ? undefined : `the function reported ${count} failures`;
}
