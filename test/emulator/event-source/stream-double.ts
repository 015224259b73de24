import type {
  AttributeValue,
  StreamRecord,
  StreamShard,
  TableStream,
} from '../../../emulator/event-source/stream.ts';

export const STREAM_ARN =
  'arn:aws:dynamodb:eu-central-1:123456789012:table/T/stream/2026-01-01T00:00:00.000';

/** The moment a manual clock starts at, in epoch seconds. */
export const STARTED_AT = Date.UTC(2026, 0, 1) / 1000;

export interface RecordFields {
  readonly sequence: number;
  readonly room?: string;
  readonly sort?: string;
  readonly atSeconds?: number;
  readonly image?: Readonly<Record<string, AttributeValue>>;
}

export function record({
  sequence,
  room = 'r',
  sort = `${sequence}`,
  ...rest
}: RecordFields): StreamRecord {
  const Keys = { pk: { S: room }, sk: { S: sort } };
  return {
    eventID: sequence.toString(16).padStart(32, '0'),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: rest.atSeconds ?? STARTED_AT,
      Keys,
      NewImage: { ...Keys, ...rest.image },
      SequenceNumber: numberOf(sequence),
      SizeBytes: 20,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: STREAM_ARN,
  };
}

/** Sequence numbers of different lengths, as AWS has them. */
export function numberOf(sequence: number): string {
  return `${sequence}${TAIL}`;
}

export function sequenceOf(record: StreamRecord): number {
  return Number(record.dynamodb.SequenceNumber.slice(0, -TAIL.length));
}

const TAIL = '0'.repeat(20);

export interface StreamDouble {
  readonly stream: TableStream;
  /** The shards read so far, in order. */
  readonly reads: readonly string[];
  /** Appends a record with the next number of all; the shard is `shard-1` unless named. */
  write(this: void, shardId?: string, fields?: Omit<RecordFields, 'sequence'>): StreamRecord;
  /** Closes a shard and opens others with it as parent. */
  split(shardId: string, children: readonly string[]): void;
  /** Reads fail with this, until it is undefined. */
  failReads(error: Error | undefined): void;
  /** The next read sees what is there and answers only when the result is called. */
  holdNextRead(): () => void;
}

/** A table's stream in memory, whose shards are written, closed and split by hand. */
export function createStreamDouble(first: readonly string[] = ['shard-1']): StreamDouble {
  const shards: StreamShard[] = first.map((shardId) => ({ shardId }));
  const written = new Map<string, StreamRecord[]>();
  const closed = new Set<string>();
  const reads: string[] = [];
  let sequence = 0;
  let failure: Error | undefined;
  let held: Promise<void> | undefined;
  const of = (shardId: string) => {
    if (!shards.some((shard) => shard.shardId === shardId)) throw new Error(`no shard ${shardId}`);
    const records = written.get(shardId) ?? [];
    written.set(shardId, records);
    return records;
  };
  const stream: TableStream = {
    arn: STREAM_ARN,
    shards: async () => [...shards],
    async read(shardId, after, limit) {
      reads.push(shardId);
      if (failure !== undefined) throw failure;
      const records = of(shardId);
      const from =
        after === 'TRIM_HORIZON'
          ? 0
          : records.findIndex((it) => it.dynamodb.SequenceNumber === after.sequenceNumber) + 1;
      const page = records.slice(from, from + limit);
      const last = page.at(-1)?.dynamodb.SequenceNumber;
      const ended = closed.has(shardId) && from + limit >= records.length;
      const release = held;
      held = undefined;
      await release;
      return { records: page, last, ended };
    },
    newest: async (shardId) => of(shardId).at(-1)?.dynamodb.SequenceNumber,
  };
  return {
    stream,
    reads,
    write(shardId = 'shard-1', fields = {}) {
      if (closed.has(shardId)) throw new Error(`${shardId} is closed`);
      sequence += 1;
      const written = record({ sequence, ...fields });
      of(shardId).push(written);
      return written;
    },
    split(shardId, children) {
      closed.add(shardId);
      shards.push(...children.map((child) => ({ shardId: child, parentShardId: shardId })));
    },
    holdNextRead() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    failReads(error) {
      failure = error;
    },
  };
}
