/**
 * A table's stream as event source mappings read it, through the Streams API that every engine has.
 *
 * A record's time is the engine's, moved to the emulator's clock by what that is ahead when the
 * record is read; so it is only near on a clock that runs fast.
 */
import { type Clock, realClock } from '../clock.ts';
import type { TableResource } from '../model.ts';
import type { Endpoint } from './client.ts';
import { sequenceNumber, type StreamRecord, toStreamRecord } from './stream-record.ts';
import { getRecords, listShards, newIterator, type Position } from './streams-client.ts';

interface StreamShard {
  readonly shardId: string;
  /** To be read to its end before this one. */
  readonly parentShardId?: string;
}

interface StreamPage {
  readonly records: readonly StreamRecord[];
  /** The last record read, also when it was dropped; absent when there was none. */
  readonly last?: string;
  /** The shard is closed, and nothing comes after these. */
  readonly ended: boolean;
}

export interface TableStream {
  readonly arn: string;
  shards(): Promise<readonly StreamShard[]>;
  /** At most `limit` records (1,000 and 1 MB are the most there can be), oldest first. */
  read(shardId: string, after: Position, limit: number): Promise<StreamPage>;
  /** The number of a shard's newest record; undefined while it has none. */
  newest(shardId: string): Promise<string | undefined>;
}

/** The most records of one GetRecords. */
const PAGE_MAX = 1000;

/** Opens the stream of a table that has one in the model. */
export function openStream(
  engine: Endpoint,
  table: TableResource,
  region: string,
  clock: Clock = realClock(),
): TableStream {
  const { name, streamArn: arn, streamViewType: viewType = 'NEW_AND_OLD_IMAGES' } = table;
  if (arn === undefined) throw new Error(`${table.path} has no stream`);
  const readPage = createPageReader(engine, name);

  const read = async (shardId: string, after: Position, limit: number): Promise<StreamPage> => {
    const { found, last, ended } = await readPage(shardId, after, limit);
    const view = { arn, region, viewType, clockAheadMs: clock.now() - Date.now() };
    const records = found.flatMap((record) => toStreamRecord(record, view) ?? []);
    return { records, ...(last === undefined ? {} : { last }), ended };
  };
  return {
    arn,
    read,
    shards: async () =>
      (await listShards(engine, name)).map(({ ShardId: shardId, ParentShardId: parent }) => ({
        shardId,
        ...(typeof parent === 'string' ? { parentShardId: parent } : {}),
      })),
    async newest(shardId) {
      const shards = await listShards(engine, name);
      const range = shards.find(({ ShardId }) => ShardId === shardId)?.SequenceNumberRange;
      // The embedded engine tells it of open shards too; of others one has to read to the end.
      const known = range?.EndingSequenceNumber;
      return typeof known === 'string' ? sequenceNumber(known) : readToEnd(read, shardId);
    },
  };
}

/**
 * Reads page after page and remembers where each shard's last one ended. Asking for the place anew
 * would do for the embedded engine; others may answer empty pages that only their own iterator
 * leads past.
 */
function createPageReader(engine: Endpoint, tableName: string) {
  const cursors = new Map<string, { readonly position: string; readonly iterator: string }>();
  return async (shardId: string, after: Position, limit: number) => {
    const cursor = cursors.get(shardId);
    // Given up until the read has succeeded, because an iterator expires.
    cursors.delete(shardId);
    const iterator =
      cursor?.position === textOf(after)
        ? cursor.iterator
        : await newIterator(engine, tableName, shardId, after);
    const page = await getRecords(engine, iterator, Math.min(limit, PAGE_MAX));
    const newest = page.Records.at(-1)?.dynamodb.SequenceNumber;
    const last = newest === undefined ? undefined : sequenceNumber(newest);
    const next = page.NextShardIterator ?? undefined;
    if (next !== undefined) {
      cursors.set(shardId, { position: last ?? textOf(after), iterator: next });
    }
    return { found: page.Records, last, ended: next === undefined };
  };
}

async function readToEnd(read: TableStream['read'], shardId: string): Promise<string | undefined> {
  let newest: string | undefined;
  for (;;) {
    const after = newest === undefined ? 'TRIM_HORIZON' : { sequenceNumber: newest };
    const { last, ended } = await read(shardId, after, PAGE_MAX);
    newest = last ?? newest;
    if (last === undefined || ended) return newest;
  }
}

const textOf = (position: Position) =>
  position === 'TRIM_HORIZON' ? position : position.sequenceNumber;
