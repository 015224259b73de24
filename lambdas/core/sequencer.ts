import { effectOf, targetOf } from './effects.ts';
import type { Entry } from './entry.ts';
import type { Log } from './log.ts';
import { type Arrival, sequence, type Sequenced } from './sequence.ts';

/**
 * Gives a room's arrivals their numbers and writes them to its log, with what they do to the messages
 * they are about. It is the log's only writer in the ordinary course of things; when it is not (two
 * sandboxes for a moment, after a time-out), a number turns out to be taken, and it looks again.
 */
export type Sequencer = (room: string, arrivals: readonly Arrival[]) => Promise<Sequenced>;

/** Tries to append before the batch is given back: each failed one means that another writer won. */
const APPEND_TRIES = 5;

export function createSequencer(options: {
  readonly log: Log;
  readonly now: () => number;
}): Sequencer {
  const { log, now } = options;

  /** An entry that is about a message, with what it does to it, in one transaction. */
  const appendWithEffect = async (entry: Entry, seq: number): Promise<Entry | 'taken'> => {
    const [found] = await log.from(entry.room, seq, 1);
    const target = found?.seq === seq ? found : undefined;
    const edits = entry.kind === 'delete' ? (target?.state?.edits ?? []) : [];
    const rows = await Promise.all(edits.map((edit) => log.from(entry.room, edit, 1)));
    const effect = effectOf(entry, target, rows.flat());
    const appended = await log.appendWith(effect.entry, effect.changed);
    return appended === 'taken' ? 'taken' : effect.entry;
  };

  /** In order: runs of plain entries together, each with an effect alone. The entries as written. */
  const appendAll = async (entries: readonly Entry[]): Promise<readonly Entry[] | 'taken'> => {
    const written: Entry[] = [];
    let plain: Entry[] = [];
    for (const entry of entries) {
      const target = targetOf(entry);
      if (target === undefined) {
        plain.push(entry);
        continue;
      }
      if ((await log.append(plain)) === 'taken') return 'taken';
      const withEffect = await appendWithEffect(entry, target);
      if (withEffect === 'taken') return 'taken';
      written.push(...plain, withEffect);
      plain = [];
    }
    return (await log.append(plain)) === 'taken' ? 'taken' : [...written, ...plain];
  };

  return async (room, arrivals) => {
    const conditional = arrivals.some(({ ifHead }) => ifHead !== undefined);
    for (let tried = 1; ; tried += 1) {
      // The first look may be a little old: if it is, the number it leads to is taken. But a refusal
      // for a head that has moved writes nothing that would show it.
      const consistent = conditional || tried > 1;
      const tail = await log.tail(room, arrivals.length, { consistent });
      const sequenced = sequence(tail, arrivals, now());
      const fresh = await appendAll(sequenced.fresh);
      if (fresh !== 'taken') return { ...sequenced, fresh };
      if (tried === APPEND_TRIES) throw new Error(`Room ${room} has another writer`);
    }
  };
}
