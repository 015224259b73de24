import type { Item } from './aws/dynamodb.ts';
import { DEVICE_ROWS, ONLINE_ROWS, VIEW_ROWS } from '../environment.ts';
import { number, optionalText } from './rows.ts';

/**
 * What a batch of the Connections table's stream says: who came or went in which room, in which rooms
 * somebody began to look, and whose connections are no more. Pure. A record says no more than that
 * something changed; how things are now is read from the table, which is right however late or twofold
 * the records are.
 */
export interface ConnectionRecord {
  readonly eventName?: string;
  /** Set when the TTL deleted the row. */
  readonly userIdentity?: unknown;
  readonly dynamodb?: {
    readonly Keys?: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    /** Seconds. */
    readonly ApproximateCreationDateTime?: number;
  };
}

export interface Comings {
  /** By room: the people of whom a connection came or went, and when the last one that went was there. */
  readonly rooms: ReadonlyMap<string, ReadonlyMap<string, { readonly seenAt?: number }>>;
  /** Rooms at which somebody began to look. */
  readonly lookedAt: ReadonlySet<string>;
  /** When the last of the connections that went was there, by user. Milliseconds. */
  readonly gone: ReadonlyMap<string, number>;
}

/** A row that the TTL deletes lived this much longer than any connection can. Seconds. */
const ROW_OUTLIVES_SECONDS = 600;

export function comingsOf(records: readonly ConnectionRecord[]): Comings {
  const rooms = new Map<string, Map<string, { seenAt?: number }>>();
  const lookedAt = new Set<string>();
  const gone = new Map<string, number>();
  for (const record of records) {
    const { Keys = {}, NewImage, OldImage } = record.dynamodb ?? {};
    const partition = optionalText(Keys, 'pk') ?? '';
    const user = optionalText(NewImage ?? OldImage ?? {}, 'user');
    const removed = record.eventName === 'REMOVE';
    if (user === undefined) continue;
    if (partition.startsWith(ONLINE_ROWS)) {
      const room = roomOf(partition, ONLINE_ROWS);
      const people = rooms.get(room) ?? new Map<string, { seenAt?: number }>();
      people.set(user, removed ? { seenAt: seenAt(record) } : {});
      rooms.set(room, people);
    } else if (partition.startsWith(VIEW_ROWS) && !removed) {
      lookedAt.add(roomOf(partition, VIEW_ROWS));
    } else if (partition.startsWith(DEVICE_ROWS) && removed) {
      gone.set(user, Math.max(seenAt(record), gone.get(user) ?? 0));
    }
  }
  return { rooms, lookedAt, gone };
}

/** Between what the key begins with and the shard it ends with. */
const roomOf = (partition: string, prefix: string) =>
  partition.slice(prefix.length, partition.lastIndexOf('#'));

/** When a connection whose row was removed was there at the latest. Milliseconds. */
function seenAt({ userIdentity, dynamodb = {} }: ConnectionRecord): number {
  const removedAt = dynamodb.ApproximateCreationDateTime ?? 0;
  const expires = number(dynamodb.OldImage ?? {}, 'expires') ?? Infinity;
  const byTtl = userIdentity !== undefined && userIdentity !== null;
  return (byTtl ? Math.min(removedAt, expires - ROW_OUTLIVES_SECONDS) : removedAt) * 1_000;
}
