import type { Entry, Log } from '../../../lambdas/core/log.ts';

/** A log in memory, which counts what is read of it. */
export interface MemoryLog extends Log {
  readonly entries: readonly Entry[];
  /** Reads so far, and the entries they brought. */
  readonly reads: { count: number; entries: number };
}

/** The entry of number `seq` in a log that grows by one message a second. */
export const entryAt = (seq: number, fields: Partial<Entry> = {}): Entry => ({
  room: 'r',
  user: 'ann',
  uuid: `u${seq}`,
  text: `text ${seq}`,
  seq,
  n: seq,
  timestamp: seq * 1_000,
  sequencedAt: seq * 1_000 + 100,
  position: String(seq).padStart(21, '1'),
  ...fields,
});

export function memoryLog(entries: Entry[] = []): MemoryLog {
  const reads = { count: 0, entries: 0 };
  const read = (found: Entry[]) => {
    reads.count += 1;
    reads.entries += found.length;
    return Promise.resolve(found);
  };
  return {
    entries,
    reads,
    tail: (_room, count) => read(entries.toReversed().slice(0, count)),
    from: (_room, from, count) => read(entries.slice(from - 1, from - 1 + count)),
    append(added) {
      if (added.some(({ seq }) => seq <= entries.length)) return Promise.resolve('taken');
      entries.push(...added);
      return Promise.resolve('appended');
    },
  };
}
