import { SHARDS_ROW } from '../environment.ts';
import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { createConnectionRows } from './recipients.ts';
import { toSize } from './room-sizes.ts';
import { number, onlinePartition, text } from './rows.ts';
import { CONNECTION_ROW_SECONDS } from './sessions.ts';

/** Who is in a room right now, as its rows have it. */
export type Occupancy = (
  room: string,
  options?: { readonly consistent?: boolean },
) => Promise<readonly Occupant[]>;

export interface Occupant {
  readonly connection: string;
  readonly user: string;
  /** When the connection came into the room. Milliseconds. */
  readonly since: number;
}

export function createOccupancy(options: {
  readonly db: DynamoDb;
  readonly table: string;
  /** Connections that are looked at. */
  readonly atMost: number;
  readonly now?: () => number;
}): Occupancy {
  const { db, table, atMost, now = Date.now } = options;
  const toOccupant = (item: Item): Occupant => ({
    connection: text(item, 'sk'),
    user: text(item, 'user'),
    since: ((number(item, 'expires') ?? 0) - CONNECTION_ROW_SECONDS) * 1_000,
  });

  const rows = createConnectionRows({ db, table, now });
  return async (room, { consistent = false } = {}) => {
    const occupants = new Map<string, Occupant>();
    let shards = 1;
    // One after the other: a large room's first brings as many as are looked at.
    for (let shard = 0; shard < shards && occupants.size < atMost; shard += 1) {
      const read = { consistent, atMost: atMost - occupants.size };
      for (const row of await rows(onlinePartition(room, shard), read)) {
        if (text(row, 'sk') === SHARDS_ROW) shards = toSize(row).shards;
        else occupants.set(text(row, 'sk'), toOccupant(row));
      }
    }
    return [...occupants.values()];
  };
}

/** How many connections each person has. */
export function devicesByUser(occupants: readonly Occupant[]): ReadonlyMap<string, number> {
  const devices = new Map<string, number>();
  for (const { user } of occupants) devices.set(user, (devices.get(user) ?? 0) + 1);
  return devices;
}
