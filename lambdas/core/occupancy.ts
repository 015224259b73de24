import type { DynamoDb, Item } from './aws/dynamodb.ts';
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

  return async (room, { consistent = false } = {}) => {
    const occupants: Occupant[] = [];
    let from: Item | undefined;
    do {
      const page = await db.call('Query', {
        TableName: table,
        KeyConditionExpression: 'pk = :partition',
        ExpressionAttributeValues: { ':partition': onlinePartition(room) },
        ProjectionExpression: 'sk, #user, expires',
        ExpressionAttributeNames: { '#user': 'user' },
        ConsistentRead: consistent,
        Limit: atMost - occupants.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      occupants.push(...(page.Items ?? []).map(toOccupant));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && occupants.length < atMost);
    // The TTL may delete a row days after its time.
    return occupants.filter(({ since }) => since + CONNECTION_ROW_SECONDS * 1_000 > now());
  };
}

/** How many connections each person has. */
export function devicesByUser(occupants: readonly Occupant[]): ReadonlyMap<string, number> {
  const devices = new Map<string, number>();
  for (const { user } of occupants) devices.set(user, (devices.get(user) ?? 0) + 1);
  return devices;
}
