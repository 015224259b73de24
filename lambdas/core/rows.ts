import { type Feature, FEATURES } from '../../protocol/features.ts';
import { DEVICE_ROWS, MEMBER_ENTRIES, ONLINE_ROWS, SHARDS_ROW, VIEW_ROWS } from '../environment.ts';
import type { AttributeValue, Item } from './aws/dynamodb.ts';

/**
 * Where everything lies: the keys of every row, and how its attributes are read. Names of people and
 * rooms never hold a `#`, which separates the parts of a key.
 */
type Key = Readonly<Record<string, AttributeValue>>;

/** What all tokens of a user begin with, among the rows of the user. */
export const TOKEN_ENTRIES = 'token#';

export const tokenKey = (user: string, hash: string): Key => ({
  user: { S: user },
  entry: { S: `${TOKEN_ENTRIES}${hash}` },
});

export const profileKey = (user: string): Key => ({ user: { S: user }, entry: { S: 'profile' } });

export const roomKey = (room: string): Key => ({ room: { S: room }, entry: { S: 'meta' } });

export const memberKey = (room: string, user: string): Key => ({
  room: { S: room },
  entry: { S: `${MEMBER_ENTRIES}${user}` },
});

export const banKey = (room: string, user: string): Key => ({
  room: { S: room },
  entry: { S: `ban#${user}` },
});

/** A mute that outlasts a membership, so that to leave and come back does not end it. */
export const muteKey = (room: string, user: string): Key => ({
  room: { S: room },
  entry: { S: `mute#${user}` },
});

export const sessionKey = (connection: string): Key => ({
  pk: { S: connection },
  sk: { S: 'session' },
});

/** All rooms have one shard, 0, until one needs more (`shards.ts`). */
export const onlinePartition = (room: string, shard = 0): AttributeValue => ({
  S: `${ONLINE_ROWS}${room}#${shard}`,
});

export const onlineKey = (room: string, connection: string, shard: number): Key => ({
  pk: onlinePartition(room, shard),
  sk: { S: connection },
});

/** How many shards a room has; before all its connections, so that the query of shard 0 brings it. */
export const shardsKey = (room: string): Key => ({
  pk: onlinePartition(room),
  sk: { S: SHARDS_ROW },
});

/** Up to when the posts that the account may make are promised. */
export const postBudgetKey: Key = { pk: { S: 'budget' }, sk: { S: 'posts' } };

/** Who looks at a room. */
export const viewPartition = (room: string, shard = 0): AttributeValue => ({
  S: `${VIEW_ROWS}${room}#${shard}`,
});

export const viewKey = (room: string, connection: string): Key => ({
  pk: viewPartition(room),
  sk: { S: connection },
});

/** A user's connections, so that a change of membership finds them. */
export const devicePartition = (user: string): AttributeValue => ({ S: `${DEVICE_ROWS}${user}` });

export const deviceKey = (user: string, connection: string): Key => ({
  pk: devicePartition(user),
  sk: { S: connection },
});

/** When a user's last connection went; kept when all of them are gone. */
export const seenKey = (user: string): Key => ({ pk: { S: `seen#${user}` }, sk: { S: 'last' } });

/** In which order a user's signals in a room came. */
export const signalKey = (room: string, user: string): Key => ({
  pk: { S: `signal#${room}` },
  sk: { S: user },
});

/** A message is accepted once under its sender's own uuid; two users may use the same one. */
export const inboxKey = (room: string, user: string, uuid: string): Key => ({
  room: { S: room },
  entry: { S: `${user}#${uuid}` },
});

export const logKey = (room: string, seq: number): Key => ({
  room: { S: room },
  seq: { N: String(seq) },
});

/** A text attribute; a row that lacks it was not written by us, and that is a bug. */
export function text(item: Item, name: string): string {
  const value = item[name];
  if (value === undefined || !('S' in value)) throw new Error(`A row lacks the text ${name}`);
  return value.S;
}

/** A text attribute that a row need not have. */
export function optionalText(item: Item, name: string): string | undefined {
  const value = item[name];
  return value !== undefined && 'S' in value ? value.S : undefined;
}

/** A number attribute; undefined when the row has none. */
export function number(item: Item, name: string): number | undefined {
  const value = item[name];
  return value !== undefined && 'N' in value ? Number(value.N) : undefined;
}

/** A set of texts; a set cannot be empty in DynamoDB, so none means no attribute. */
export function texts(item: Item, name: string): readonly string[] {
  const value = item[name];
  return value !== undefined && 'SS' in value ? value.SS : [];
}

/** The features a row names. */
export function features(item: Item): readonly Feature[] {
  const named = texts(item, 'features');
  return FEATURES.filter((feature) => named.includes(feature));
}

export const featuresAttribute = (names: readonly Feature[]): Item =>
  names.length === 0 ? {} : { features: { SS: names } };
