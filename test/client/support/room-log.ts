/**
 * A room's log as the server keeps it, made by the server's own code: what each entry does to those before
 * it, and the seals. A test says things, and asks for pages as they were at any time.
 */
import { effectOf, targetOf } from '../../../lambdas/core/effects.ts';
import { type Entry as Row, toWire } from '../../../lambdas/core/entry.ts';
import { CHAIN_START, hashContent, linkChain } from '../../../lambdas/core/seal.ts';
import type { Content } from '../../../protocol/content.ts';
import type { Entry } from '../../../protocol/entry.ts';
import type { Broadcast } from '../../../protocol/pushed.ts';

export interface RoomLog {
  readonly room: string;
  readonly head: number;
  /** Adds an entry; answers it as everybody is told. */
  add(user: string, content: Content, uuid?: string): Entry;
  /** Adds a message. */
  say(user: string, text: string, uuid?: string): Entry;
  /** Entries from one number to another, both included, as they are now. */
  page(from?: number, to?: number): readonly Entry[];
  /** The entry as everybody was told when it was new. */
  told(seq: number): Entry;
  /** The frame by which everybody was told. */
  frame(seq: number): Broadcast;
}

const START_MS = 1_800_000_000_000;

export function createRoomLog(room = 'lobby'): RoomLog {
  const rows: Row[] = [];
  const told: Entry[] = [];

  const log: RoomLog = {
    room,
    get head() {
      return rows.length;
    },
    add(user, content, uuid = `uuid-${rows.length + 1}`) {
      const last = rows.at(-1);
      const seq = rows.length + 1;
      const nonce = `nonce-${seq}`;
      const entry = {
        room,
        seq,
        user,
        uuid,
        kind: content.kind,
        action: content.kind,
        position: '',
        n: (last?.n ?? 0) + (content.kind === 'message' ? 1 : 0),
        timestamp: START_MS + seq * 1e3,
        sequencedAt: START_MS + seq * 1e3,
        said: {
          content,
          nonce,
        },
        hash: hashContent(content, nonce),
      };
      const sealed: Row = { ...entry, chain: linkChain(last?.chain ?? CHAIN_START, entry) };
      const target = rows[(targetOf(sealed) ?? 0) - 1];
      const edits = (target?.state?.edits ?? []).flatMap((edit) => rows[edit - 1] ?? []);
      const effect = effectOf(sealed, target, edits);
      rows.push(effect.entry);
      for (const row of effect.changed) rows[row.seq - 1] = row;
      const wire = toWire(effect.entry);
      told.push(wire);
      return wire;
    },
    say: (user, text, uuid) => log.add(user, { kind: 'message', text }, uuid),
    page: (from = 1, to = rows.length) => rows.slice(from - 1, to).map(toWire),
    told(seq) {
      const entry = told[seq - 1];
      if (entry === undefined) throw new Error(`There is no entry ${seq}`);
      return entry;
    },
    frame(seq) {
      const entry = log.told(seq);
      return {
        uuid: entry.uuid,
        action: 'new_message',
        status: 'success',
        room,
        head: seq,
        [entry.kind === 'message' ? 'message' : 'entry']: entry,
      };
    },
  };
  return log;
}
