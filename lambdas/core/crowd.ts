import { SHARDS_ROW } from '../environment.ts';
import type { DynamoDb, Item } from './aws/dynamodb.ts';
import {
  createConnectionRows,
  type ReadOptions,
  type Recipient,
  toRecipient,
} from './recipients.ts';
import { type RoomSize, type RoomSizes, toSize } from './room-sizes.ts';
import { onlinePartition, text } from './rows.ts';
import { allShards } from './shards.ts';

/**
 * Who is online in a room, over all its shards. One query brings everybody in most rooms, and of a
 * large one shows that it is: whoever broadcasts to it need not know them, for others will post
 * (`fan-out.ts`).
 */
export interface Crowd {
  /** Everybody, or about how many there are in a room that is large. */
  of(room: string): Promise<readonly Recipient[] | LargeRoom>;
  /** Everybody, however many, as they are at this moment; and what is written down of the size. */
  all(
    room: string,
  ): Promise<{ readonly recipients: readonly Recipient[]; readonly size: RoomSize }>;
}

export interface LargeRoom {
  readonly connections: number;
}

export const isLarge = (found: readonly Recipient[] | LargeRoom): found is LargeRoom =>
  'connections' in found;

export function createCrowd(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly sizes: Pick<RoomSizes, 'learn'>;
  /** Connections above which a room is large. */
  readonly largeRoom: number;
  readonly now?: () => number;
}): Crowd {
  const { db, table, sizes, largeRoom, now = Date.now } = options;
  const rows = createConnectionRows({ db, table, now });

  /** Shard 0, and the room's size, which is its first row if it was ever written. */
  const readFirst = async (room: string, read: ReadOptions) => {
    const found = await rows(onlinePartition(room), read);
    const isSize = (row: Item) => text(row, 'sk') === SHARDS_ROW;
    const size = toSize(found.find(isSize));
    sizes.learn(room, size);
    return { size, first: found.filter((row) => !isSize(row)) };
  };

  const readOthers = async (room: string, { shards }: RoomSize, read: ReadOptions) => {
    const others = allShards(shards).slice(1);
    const found = await Promise.all(
      others.map((shard) => rows(onlinePartition(room, shard), read)),
    );
    return found.flat();
  };

  return {
    async of(room) {
      // As many as show that there are too many, and the size.
      const { size, first } = await readFirst(room, { atMost: largeRoom + 2 });
      if (first.length * size.shards > largeRoom) {
        return { connections: Math.max(first.length, size.connections) };
      }
      return once([...first, ...(await readOthers(room, size, {}))]);
    },

    async all(room) {
      const { size, first } = await readFirst(room, { consistent: true });
      const others = await readOthers(room, size, { consistent: true });
      return { recipients: once([...first, ...others]), size };
    },
  };
}

/** A connection that entered again when there were more shards is in two of them. */
function once(rows: readonly Item[]): readonly Recipient[] {
  const recipients = rows.map(toRecipient);
  return [...new Map(recipients.map((one) => [one.connection, one])).values()];
}
