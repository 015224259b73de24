import { setTimeout as sleep } from 'node:timers/promises';

import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { createRecipients, type Recipient } from './recipients.ts';
import { deviceKey, devicePartition, featuresAttribute, onlineKey, viewKey } from './rows.ts';
import { createRoomSizes, type RoomSizes } from './room-sizes.ts';
import { rowExpiry } from './sessions.ts';
import { shardOf, shardsOf } from './shards.ts';

/**
 * Who is online in a room: one row for each connection of each member, so that a broadcast reads its
 * recipients (`crowd.ts`) and posts to nobody else. Rows that a lost `$disconnect` leaves behind are
 * found by the 410 of the next post, or expire.
 */
export interface Online {
  enter(recipient: Recipient, rooms: readonly string[]): Promise<void>;
  /** `looksAt` is the room among whose viewers the connection is. */
  leave(
    connection: string,
    user: string,
    rooms: readonly string[],
    looksAt?: string,
  ): Promise<void>;
  /** Takes connections out of one room and from among its viewers; they stay their user's devices. */
  leaveRoom(room: string, connections: readonly string[]): Promise<void>;
  /** The connections of one user. */
  devicesOf(
    user: string,
    options?: { readonly consistent?: boolean },
  ): Promise<readonly Recipient[]>;
}

/** DynamoDB takes at most this many writes in one BatchWriteItem. */
const BATCH_WRITES = 25;

/** Tries of a batch that a throttled table takes only in part; full jitter up to this times 2ⁿ. */
const BATCH_TRIES = 6;
const BACKOFF_MS = 25;

const deletion = (key: Item) => ({ DeleteRequest: { Key: key } });

export function createOnline(options: {
  readonly db: DynamoDb;
  readonly table: string;
  /** Default: its own. */
  readonly sizes?: Pick<RoomSizes, 'shards'>;
  readonly now?: () => number;
}): Online {
  const { db, table, now = Date.now } = options;
  const { sizes = createRoomSizes({ db, table, now }) } = options;

  /** Writes side by side; what DynamoDB could not take under load is sent again. */
  const writeAll = async (writes: readonly object[]) => {
    const chunks = Array.from({ length: Math.ceil(writes.length / BATCH_WRITES) }, (_, index) =>
      writes.slice(index * BATCH_WRITES, (index + 1) * BATCH_WRITES),
    );
    await Promise.all(
      chunks.map(async (chunk) => {
        let left: readonly object[] = chunk;
        for (let tried = 0; left.length > 0; tried += 1) {
          if (tried === BATCH_TRIES) throw new Error(`${table} takes no more writes for now`);
          if (tried > 0) await sleep(Math.random() * BACKOFF_MS * 2 ** tried);
          const { UnprocessedItems = {} } = await db.call('BatchWriteItem', {
            RequestItems: { [table]: left },
          });
          left = UnprocessedItems[table] ?? [];
        }
      }),
    );
  };

  const recipients = createRecipients({ db, table, now });

  return {
    async enter({ connection, user, features: names }, rooms) {
      const attributes = {
        user: { S: user },
        ...featuresAttribute(names),
        ...rowExpiry(now()),
      };
      const shards = await sizes.shards(rooms);
      const keys = [
        deviceKey(user, connection),
        ...rooms.map((room) => onlineKey(room, connection, shardOf(connection, shards(room)))),
      ];
      await writeAll(keys.map((key) => ({ PutRequest: { Item: { ...key, ...attributes } } })));
    },

    async leave(connection, user, rooms, looksAt) {
      const shards = await sizes.shards(rooms);
      const keys = [
        deviceKey(user, connection),
        // What is missed because a count was old is found as a lost `$disconnect` is.
        ...rooms.flatMap((room) =>
          shardsOf(connection, shards(room)).map((shard) => onlineKey(room, connection, shard)),
        ),
        ...(looksAt === undefined ? [] : [viewKey(looksAt, connection)]),
      ];
      await writeAll(keys.map(deletion));
    },

    async leaveRoom(room, connections) {
      const keys = connections.flatMap((connection) => [
        // Wherever it can be, whatever is known of the room: who is put out hears nothing more.
        ...shardsOf(connection).map((shard) => onlineKey(room, connection, shard)),
        viewKey(room, connection),
      ]);
      await writeAll(keys.map(deletion));
    },

    devicesOf: (user, options) => recipients(devicePartition(user), options),
  };
}
