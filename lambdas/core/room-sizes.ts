import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import { createBatchGet } from './batch-get.ts';
import { number, shardsKey, text } from './rows.ts';

/**
 * How large rooms are: a row for each that was ever large, beside those who are online in it. A room
 * without one has one shard. Who writes it has just counted them (`fan-out.ts`).
 */
export interface RoomSize {
  /** Grows and never shrinks. */
  readonly shards: number;
  /** Connections when they were last counted; 0 when they never were. */
  readonly connections: number;
}

export interface RoomSizes {
  /** The shards of these rooms, as they were within the last minute. */
  shards(rooms: readonly string[]): Promise<(room: string) => number>;
  /** What somebody has just read. */
  learn(room: string, size: RoomSize): void;
  /** Writes a size down, unless the room has more shards by now. */
  note(room: string, size: RoomSize): Promise<void>;
}

/** An older count is a smaller one, and does no harm (`shards.ts`). Milliseconds. */
export const SIZE_KNOWN_MS = 60_000;

/** Rooms whose size is remembered; the longest unread is forgotten first. */
const ROOMS_REMEMBERED = 10_000;

export const toSize = (item: Item | undefined): RoomSize => ({
  shards: number(item ?? {}, 'shards') ?? 1,
  connections: number(item ?? {}, 'counted') ?? 0,
});

export function createRoomSizes(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
}): RoomSizes {
  const { db, table, now = Date.now } = options;
  const batchGet = createBatchGet({ db, table });
  const known = new Map<string, { readonly shards: number; readonly readAt: number }>();

  const learn = (room: string, { shards }: RoomSize) => {
    // Never fewer: an eventually consistent read may be older than what is known.
    const most = Math.max(shards, known.get(room)?.shards ?? 1);
    known.delete(room);
    known.set(room, { shards: most, readAt: now() });
    const [longestUnread] = known.keys();
    if (known.size > ROOMS_REMEMBERED && longestUnread !== undefined) known.delete(longestUnread);
    return most;
  };
  const isKnown = (room: string) => (known.get(room)?.readAt ?? -Infinity) > now() - SIZE_KNOWN_MS;

  return {
    async shards(rooms) {
      const counts = new Map(rooms.map((room) => [room, known.get(room)?.shards ?? 1]));
      const asked = [...counts.keys()].filter((room) => !isKnown(room));
      const rows = await batchGet(asked.map(shardsKey));
      const found = new Map(rows.map((row) => [text(row, 'pk'), toSize(row)]));
      for (const room of asked) {
        const size = found.get(text(shardsKey(room), 'pk')) ?? toSize(undefined);
        counts.set(room, learn(room, size));
      }
      return (room) => counts.get(room) ?? 1;
    },

    learn,

    async note(room, { shards, connections }) {
      try {
        await db.call('UpdateItem', {
          TableName: table,
          Key: shardsKey(room),
          UpdateExpression: 'SET shards = :shards, counted = :counted',
          ConditionExpression: 'attribute_not_exists(shards) OR shards <= :shards',
          ExpressionAttributeValues: {
            ':shards': { N: String(shards) },
            ':counted': { N: String(connections) },
          },
        });
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
}
