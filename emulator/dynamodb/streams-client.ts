/**
 * The Streams API of an engine, as far as the emulator itself needs it. Shards are those of the
 * table's newest stream: a table that was deleted and made anew has another.
 */
import { demand, DYNAMODB, type Endpoint, EngineRefusal, STREAMS } from './client.ts';
import type { EngineRecord } from './stream-record.ts';

/** Where a reader stands: before the first record, or after the one of this number. */
export type Position = 'TRIM_HORIZON' | { readonly sequenceNumber: string };

export interface EngineShard {
  readonly ShardId: string;
  readonly ParentShardId?: string | null;
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string | null };
}

export interface EnginePage {
  readonly Records: readonly EngineRecord[];
  /** Absent or null when the shard is closed and read to its end. */
  readonly NextShardIterator?: string | null;
}

/** The ARN that the engine has for a table's stream. */
export async function engineStreamArn(engine: Endpoint, tableName: string): Promise<string> {
  const { Table } = await demand(engine, `${DYNAMODB}DescribeTable`, { TableName: tableName });
  const { LatestStreamArn } = Table as { readonly LatestStreamArn?: string };
  if (LatestStreamArn !== undefined) return LatestStreamArn;
  throw new EngineRefusal('ResourceNotFoundException', `Table ${tableName} has no stream`);
}

export async function listShards(
  engine: Endpoint,
  tableName: string,
): Promise<readonly EngineShard[]> {
  const StreamArn = await engineStreamArn(engine, tableName);
  const shards: EngineShard[] = [];
  let from: object = {};
  for (;;) {
    const answer = await demand(engine, `${STREAMS}DescribeStream`, { StreamArn, ...from });
    const { Shards, LastEvaluatedShardId } = answer['StreamDescription'] as {
      readonly Shards: readonly EngineShard[];
      readonly LastEvaluatedShardId?: string | null;
    };
    shards.push(...Shards);
    if (typeof LastEvaluatedShardId !== 'string') return shards;
    from = { ExclusiveStartShardId: LastEvaluatedShardId };
  }
}

export async function newIterator(
  engine: Endpoint,
  tableName: string,
  shardId: string,
  after: Position,
): Promise<string> {
  const shard = { StreamArn: await engineStreamArn(engine, tableName), ShardId: shardId };
  const place =
    after === 'TRIM_HORIZON'
      ? { ShardIteratorType: after }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after.sequenceNumber };
  try {
    const answer = await demand(engine, `${STREAMS}GetShardIterator`, { ...shard, ...place });
    return answer['ShardIterator'] as string;
  } catch (error) {
    // The record that was read last is older than 24 hours by now.
    const trimmed = error instanceof EngineRefusal && error.type === 'TrimmedDataAccessException';
    if (!trimmed || after === 'TRIM_HORIZON') throw error;
    return newIterator(engine, tableName, shardId, 'TRIM_HORIZON');
  }
}

export async function getRecords(
  engine: Endpoint,
  ShardIterator: string,
  Limit: number,
): Promise<EnginePage> {
  const page = await demand(engine, `${STREAMS}GetRecords`, { ShardIterator, Limit });
  return page as unknown as EnginePage;
}
