import type { DynamoDb } from './aws/dynamodb.ts';
import type { Member } from './rooms.ts';
import { memberKey, roomKey } from './rows.ts';
import { toRoom } from './roster.ts';

/**
 * Slow mode: a plain member says one thing in so many seconds. The pause is kept by a condition on the
 * member's own row, in the transaction that accepts the message. The setting is remembered for a while,
 * so that messages of ordinary rooms cost no further read: that long it may take to begin or end.
 */
export interface SlowMode {
  /** Undefined when nothing holds this member back. */
  of(room: string, member: Member): Promise<Pause | undefined>;
}

export interface Pause {
  /** Takes the member's turn, if the pause is over. */
  readonly also: readonly object[];
  /** Seconds until it is, as far as is known. */
  readonly retryAfter: number;
}

/** How long a room's setting is remembered. Milliseconds. */
export const REMEMBERED_MS = 10_000;

/** Rooms remembered; the longest unheard is forgotten first. */
const ROOMS_REMEMBERED = 10_000;

export function createSlowMode(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
}): SlowMode {
  const { db, table, now = Date.now } = options;
  const remembered = new Map<string, { readonly seconds: number; readonly until: number }>();

  const secondsOf = async (room: string) => {
    const known = remembered.get(room);
    if (known !== undefined && known.until > now()) return known.seconds;
    const { Item } = await db.call('GetItem', { TableName: table, Key: roomKey(room) });
    const seconds = Item === undefined ? 0 : toRoom(Item).slowSeconds;
    remembered.delete(room);
    remembered.set(room, { seconds, until: now() + REMEMBERED_MS });
    const [oldest] = remembered.keys();
    if (remembered.size > ROOMS_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return seconds;
  };

  return {
    async of(room, { user, role, lastSaid = 0 }) {
      if (role !== 'member') return undefined;
      const seconds = await secondsOf(room);
      if (seconds === 0) return undefined;
      const time = now();
      const since = time - seconds * 1_000;
      const turn = {
        TableName: table,
        Key: memberKey(room, user),
        UpdateExpression: 'SET lastSaid = :now',
        ConditionExpression:
          'attribute_exists(entry) AND (attribute_not_exists(lastSaid) OR lastSaid <= :since)',
        ExpressionAttributeValues: { ':now': { N: String(time) }, ':since': { N: String(since) } },
      };
      const retryAfter = lastSaid > since ? Math.ceil((lastSaid - since) / 1_000) : seconds;
      return { also: [{ Update: turn }], retryAfter };
    },
  };
}
