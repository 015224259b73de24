import type { Entry } from '../../../lambdas/core/entry.ts';
import type { Log } from '../../../lambdas/core/log.ts';
import type { Content } from '../../../protocol/content.ts';

/** A log in memory, which counts what is read of it. */
export interface MemoryLog extends Log {
  readonly entries: readonly Entry[];
  /** Reads so far, and the entries they brought. */
  readonly reads: { count: number; entries: number };
}

const ACTIONS: Partial<Record<Content['kind'], string>> = {
  message: 'new_message',
  edit: 'edit_message',
  delete: 'delete_message',
  reaction: 'react',
};

/** An entry of number `seq` that says this, in a log that grows by one entry a second. */
export const entrySaying = (seq: number, content: Content, fields: Partial<Entry> = {}): Entry => ({
  room: 'r',
  user: 'ann',
  uuid: `u${seq}`,
  action: ACTIONS[content.kind] ?? content.kind,
  kind: content.kind,
  said: { content, nonce: `nonce ${seq}` },
  seq,
  n: seq,
  timestamp: seq * 1_000,
  sequencedAt: seq * 1_000 + 100,
  position: String(seq).padStart(21, '1'),
  hash: `hash ${seq}`,
  chain: `chain ${seq}`,
  ...fields,
});

/** The message of number `seq`. */
export const entryAt = (seq: number, fields: Partial<Entry> = {}): Entry =>
  entrySaying(seq, { kind: 'message', text: `text ${seq}` }, fields);

/** The entry without what it said. */
export function erase(entry: Entry): Entry {
  const { said: _, ...rest } = entry;
  return rest;
}

export function memoryLog(entries: Entry[] = []): MemoryLog {
  const reads = { count: 0, entries: 0 };
  const read = (found: Entry[]) => {
    reads.count += 1;
    reads.entries += found.length;
    return Promise.resolve(found);
  };
  const append = (added: readonly Entry[]) => {
    if (added.some(({ seq }) => seq <= entries.length)) return 'taken';
    for (const entry of added) {
      if (entry.seq !== entries.length + 1) throw new Error(`A gap before ${entry.seq}`);
      entries.push(entry);
    }
    return 'appended';
  };
  return {
    entries,
    reads,
    tail: (_room, count, { before = Infinity } = {}) =>
      read(
        entries
          .filter(({ seq }) => seq < before)
          .toReversed()
          .slice(0, count),
      ),
    from: (_room, from, count) => read(entries.slice(from - 1, from - 1 + count)),
    append: async (added) => append(added),
    async appendWith(added, changed) {
      if (append(added) === 'taken') return 'taken';
      for (const row of changed) entries[row.seq - 1] = row;
      return 'appended';
    },
  };
}
