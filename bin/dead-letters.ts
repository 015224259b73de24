/**
 * The dead letters of a chat, and which rows of the Inbox they are about. A letter is either the
 * broadcaster's own, of a record that is no entry, which names the row; or Lambda's, of a batch that was
 * given up, which names places in the stream. The stream keeps its records for 24 hours; after that, all
 * rows accepted around the time of the batch are meant, most of which the log will have.
 */
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';

import type { InboxKey, Stretch } from '../lambdas/core/redrive.ts';

export type Meant = { readonly keys: readonly InboxKey[] } | { readonly stretch: Stretch };

export interface DeadLetter {
  /** Undefined when it is about no row of the Inbox. */
  readonly meant: Meant | undefined;
  /** It is done with. */
  remove(): Promise<void>;
  /** Back to the queue. */
  putBack(): Promise<void>;
}

/** Seconds for which nobody else sees a letter that is being read. */
const READING_SECONDS = 300;

const MINUTE_MS = 60_000;

/** Between acceptance and arrival in the stream lies far less; clocks may differ. */
const MARGIN_MS = 5 * MINUTE_MS;

const key = v.object({ S: v.string() });
const Keys = v.object({ room: key, entry: key });
const OwnLetter = v.object({ keys: Keys });
const time = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number(),
);
const FailureRecord = v.object({
  DDBStreamBatchInfo: v.object({
    streamArn: v.string(),
    shardId: v.string(),
    startSequenceNumber: v.string(),
    endSequenceNumber: v.string(),
    approximateArrivalOfFirstRecord: time,
    approximateArrivalOfLastRecord: time,
  }),
});
type Batch = v.InferOutput<typeof FailureRecord>['DDBStreamBatchInfo'];

export interface DeadLetters {
  /** Every letter that is in the queue now, once. */
  all(): AsyncIterable<DeadLetter>;
}

/** Undefined when there is no such queue. */
export async function openDeadLetters(
  config: ConstructorParameters<typeof SQSClient>[0],
  stack: string,
  inboxTable: string,
): Promise<DeadLetters | undefined> {
  const sqs = new SQSClient({ ...config });
  const streams = new DynamoDBStreamsClient({ ...config });
  const { QueueUrls = [] } = await sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: `${stack}-` }),
  );
  const url = QueueUrls.find((one) => one.includes('DeadLetters'));
  if (url === undefined) return undefined;

  const meantBy = async (body: string): Promise<Meant | undefined> => {
    const json: unknown = JSON.parse(body);
    const own = v.safeParse(OwnLetter, json);
    if (own.success) return { keys: [own.output.keys] };
    const failure = v.safeParse(FailureRecord, json);
    if (!failure.success) return undefined;
    const { DDBStreamBatchInfo: batch } = failure.output;
    if (!batch.streamArn.includes(`:table/${inboxTable}/`)) return undefined;
    const keys = await keysIn(streams, batch);
    return keys === 'trimmed' ? { stretch: around(batch) } : { keys };
  };
  return {
    async *all() {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: 10,
            VisibilityTimeout: READING_SECONDS,
            WaitTimeSeconds: 1,
          }),
        );
        if (Messages.length === 0) return;
        for (const { Body = '{}', ReceiptHandle } of Messages) {
          const it = { QueueUrl: url, ReceiptHandle };
          yield {
            meant: await meantBy(Body),
            async remove() {
              await sqs.send(new DeleteMessageCommand(it));
            },
            async putBack() {
              await sqs.send(new ChangeMessageVisibilityCommand({ ...it, VisibilityTimeout: 0 }));
            },
          };
        }
      }
    },
  };
}

const around = (batch: Batch): Stretch => ({
  from: batch.approximateArrivalOfFirstRecord - MARGIN_MS,
  to: batch.approximateArrivalOfLastRecord + MARGIN_MS,
});

/** Pages without records that DynamoDB may answer before one with some; more, and there are none. */
const EMPTY_PAGES = 50;

/** The rows of a batch, as long as the stream has all of it. */
async function keysIn(
  streams: DynamoDBStreamsClient,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: Batch,
): Promise<readonly InboxKey[] | 'trimmed'> {
  const end = BigInt(endSequenceNumber);
  const keys: InboxKey[] = [];
  try {
    let { ShardIterator: iterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: startSequenceNumber,
      }),
    );
    for (let empty = 0; iterator !== undefined && empty < EMPTY_PAGES;) {
      const page: GetRecordsCommandOutput = await streams.send(
        new GetRecordsCommand({ ShardIterator: iterator }),
      );
      const records = page.Records ?? [];
      for (const { dynamodb } of records) {
        if (BigInt(dynamodb?.SequenceNumber ?? 0) > end) return 'trimmed';
        const parsed = v.safeParse(Keys, dynamodb?.Keys);
        if (parsed.success) keys.push(parsed.output);
        if (dynamodb?.SequenceNumber === endSequenceNumber) return keys;
      }
      empty = records.length === 0 ? empty + 1 : 0;
      iterator = page.NextShardIterator;
    }
    return 'trimmed';
  } catch (error) {
    if (error instanceof Error && LOST.includes(error.name)) return 'trimmed';
    throw error;
  }
}

/** What DynamoDB Streams says when the records, or their shard, are gone. */
const LOST = ['TrimmedDataAccessException', 'ResourceNotFoundException'];
