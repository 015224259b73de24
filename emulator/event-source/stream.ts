/**
 * A table's stream as an event source mapping reads it: shards, and records after a position. The
 * stream itself lives with its table (`dynamodb/streams.ts`), which fits these types by structure.
 */
export interface StreamShard {
  readonly shardId: string;
  /** Read to its end before this shard begins; may no longer be listed. */
  readonly parentShardId?: string;
}

/** An attribute in DynamoDB's JSON; binary values are base64 text. */
export type AttributeValue = Readonly<Record<string, unknown>>;
type Image = Readonly<Record<string, AttributeValue>>;

/** One record as Lambda hands it to functions. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds, on the same clock that the mapping runs by. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Image;
    readonly NewImage?: Image;
    readonly OldImage?: Image;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly eventSourceARN: string;
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}

/** Where a reader stands in a shard: before its first record, or after the one of this number. */
export type Position = 'TRIM_HORIZON' | { readonly sequenceNumber: string };

export interface TableStream {
  readonly arn: string;
  shards(): Promise<readonly StreamShard[]>;
  /** `last` is the number of the last record read; `ended`: closed, and nothing comes after these. */
  read(
    shardId: string,
    after: Position,
    limit: number,
  ): Promise<{
    readonly records: readonly StreamRecord[];
    readonly last?: string | undefined;
    readonly ended: boolean;
  }>;
  /** The number of the shard's newest record; undefined while it has none. */
  newest(shardId: string): Promise<string | undefined>;
}

export function sequenceNumberOf(record: StreamRecord): string {
  return record.dynamodb.SequenceNumber;
}

/** Sequence numbers are decimal texts of any length and grow along a shard. */
export function compareSequenceNumbers(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** Milliseconds since the record was written. */
export function ageMs(record: StreamRecord, nowMs: number): number {
  return nowMs - record.dynamodb.ApproximateCreationDateTime * 1000;
}
