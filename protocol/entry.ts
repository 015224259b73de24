import * as v from 'valibot';

import type { Frozen } from './frozen.ts';
import { count, seconds, seq } from './numbers.ts';
import { ROLES } from './roles.ts';

/** A person, as the article has it. */
export const Person = v.object({ username: v.string() });

/**
 * An entry of a room's log as clients see it: where it stands, what it says (by its kind, as in
 * `content.ts`), and, of a message, what later entries made of it. A client keeps count of kinds it
 * does not know, so the kind may be any; which fields come with which kind is the server's to keep.
 */
export const Entry = v.object({
  /** Unique over all rooms. */
  id: v.string(),
  /** Its place in the room's log: 1, 2, 3, without gaps. */
  seq,
  /** How many messages the log has up to here; of a message, its place among them. */
  n: count,
  /** One of `Kind`, or of a newer server's. */
  kind: v.string(),
  /** Who did it. */
  user: Person,
  room: v.string(),
  uuid: v.string(),
  /** Seconds since the epoch, with a fraction; when it was accepted. */
  timestamp: seconds,
  /** Hash of what it says. */
  hash: v.string(),
  /** The chance that keeps the hash from being guessed; absent when what it said was erased. */
  nonce: v.exactOptional(v.string()),
  /** Hash over all entries up to this one. */
  chain: v.string(),

  /** Of a message and an edit; empty once a message was deleted. */
  text: v.exactOptional(v.string()),
  reply_to: v.exactOptional(seq),
  mentions: v.exactOptional(v.array(v.string())),
  meta: v.exactOptional(v.unknown()),
  /** Number of the message that an edit, delete, reaction or pin is about. */
  target: v.exactOptional(seq),
  emoji: v.exactOptional(v.string()),
  remove: v.exactOptional(v.literal(true)),
  /** Of a pin: on or off. Of a message: it is pinned. */
  pinned: v.exactOptional(v.boolean()),
  /** Who came, went, or has a new role. */
  member: v.exactOptional(v.string()),
  role: v.exactOptional(v.picklist(ROLES)),
  /** Of a leave: `left`, `kicked`, `banned`, or a newer server's. */
  reason: v.exactOptional(v.string()),
  /** A room's new name. */
  name: v.exactOptional(v.string()),

  /** Of a message: number of its newest edit. */
  edited: v.exactOptional(seq),
  /** Of a message: number of the entry that deleted it. */
  deleted: v.exactOptional(seq),
  /** Of a message: who reacted how. */
  reactions: v.exactOptional(v.record(v.string(), v.array(v.string()))),
});

export type Entry = Frozen<v.InferOutput<typeof Entry>>;
