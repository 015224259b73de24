import type { Entry as WireEntry } from '../../protocol/replies.ts';
import type { Content, Kind } from '../../protocol/content.ts';
import type { Item } from './aws/dynamodb.ts';
import { logKey, number, optionalText, text } from './rows.ts';

/**
 * One entry of a room's log. Its place, its author and its seal never change. What it said may be
 * erased; and a message's row carries what later entries made of it, so that history shows that.
 */
export interface Entry {
  readonly room: string;
  readonly seq: number;
  /** How many messages the log has up to here. */
  readonly n: number;
  readonly kind: Kind;
  /** Who did it. */
  readonly user: string;
  readonly uuid: string;
  /** The action that caused it, e.g. `edit_message`. */
  readonly action: string;
  /** Milliseconds; never earlier than the entry before it. */
  readonly timestamp: number;
  /** Milliseconds: when it got its number. */
  readonly sequencedAt: number;
  /** The sequence number of the stream record it came from. */
  readonly position: string;
  /** What it says, and the chance that keeps its hash from being guessed; absent once erased. */
  readonly said?: { readonly content: Content; readonly nonce: string };
  /** Hash of what it says (`seal.ts`). */
  readonly hash: string;
  /** Hash over the chain before it and all of it. */
  readonly chain: string;
  readonly state?: MessageState;
}

/** What later entries made of a message. */
export interface MessageState {
  /** Number of the newest edit. */
  readonly edited?: number;
  /** Number of the delete. */
  readonly deleted?: number;
  readonly pinned?: true;
  /** Who reacted how. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
  /** Numbers of all edits, whose texts go with the message's. */
  readonly edits?: readonly number[];
}

export const toItem = (entry: Entry): Item => ({
  ...logKey(entry.room, entry.seq),
  n: { N: String(entry.n) },
  kind: { S: entry.kind },
  user: { S: entry.user },
  uuid: { S: entry.uuid },
  action: { S: entry.action },
  timestamp: { N: String(entry.timestamp) },
  sequencedAt: { N: String(entry.sequencedAt) },
  position: { S: entry.position },
  ...(entry.said === undefined
    ? {}
    : { content: { S: JSON.stringify(entry.said.content) }, nonce: { S: entry.said.nonce } }),
  hash: { S: entry.hash },
  chain: { S: entry.chain },
  ...(entry.state === undefined ? {} : { state: { S: JSON.stringify(entry.state) } }),
});

export function toEntry(item: Item): Entry {
  const content = optionalText(item, 'content');
  const state = optionalText(item, 'state');
  return {
    room: text(item, 'room'),
    seq: number(item, 'seq') ?? 0,
    n: number(item, 'n') ?? 0,
    kind: text(item, 'kind') as Kind,
    user: text(item, 'user'),
    uuid: text(item, 'uuid'),
    action: text(item, 'action'),
    timestamp: number(item, 'timestamp') ?? 0,
    sequencedAt: number(item, 'sequencedAt') ?? 0,
    position: text(item, 'position'),
    ...(content === undefined
      ? {}
      : { said: { content: JSON.parse(content) as Content, nonce: text(item, 'nonce') } }),
    hash: text(item, 'hash'),
    chain: text(item, 'chain'),
    ...(state === undefined ? {} : { state: JSON.parse(state) as MessageState }),
  };
}

/** The entry as clients see it. A message whose text was erased has an empty one, and says so. */
export function toWire({ said, state, ...entry }: Entry): WireEntry {
  const { room, seq, n, kind, user, uuid, timestamp, hash, chain } = entry;
  const { edits: _, ...shown } = state ?? {};
  return {
    id: `${room}.${seq}`,
    seq,
    n,
    kind,
    user: { username: user },
    room,
    uuid,
    timestamp: timestamp / 1_000,
    ...(kind === 'message' ? { text: '' } : {}),
    ...(said?.content as Partial<WireEntry> | undefined),
    ...(said === undefined ? {} : { nonce: said.nonce }),
    ...shown,
    hash,
    chain,
  };
}
