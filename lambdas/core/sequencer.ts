import { effectsOf, targetOf } from './effects.ts';
import type { Entry } from './entry.ts';
import { findEntries } from './find-entry.ts';
import { type Log, TRANSACTION_ITEMS } from './log.ts';
import { type Arrival, isUnclear, sequence, type Sequenced } from './sequence.ts';

/**
 * Gives a room's arrivals their numbers and writes them to its log, with what they do to the messages
 * they are about. It is the log's only writer in the ordinary course of things; when it is not (two
 * sandboxes for a moment, after a time-out), a number turns out to be taken, and it looks again.
 */
export type Sequencer = (room: string, arrivals: readonly Arrival[]) => Promise<Sequenced>;

/** Tries to append before the batch is given back: each failed one means that another writer won. */
const APPEND_TRIES = 5;

/**
 * Entries that are looked at when a batch holds what the stream should have brought before: a replay, or
 * the end of a batch that was not in order and was cut in two.
 */
const LONG_TAIL = 200;

/** Entries with effects in one transaction: with long messages that change they stay well below 4 MB. */
const GROUP = 25;

export function createSequencer(options: {
  readonly log: Log;
  readonly now: () => number;
}): Sequencer {
  const { log, now } = options;

  /** The messages that entries are about; of those that are deleted, their edits too. */
  const rowsOf = async (entries: readonly Entry[]): Promise<readonly Entry[]> => {
    const read = async (room: string, seqs: readonly number[]) => {
      const rows = await Promise.all(seqs.map((seq) => log.from(room, seq, 1)));
      return rows.flat().filter(({ seq }) => seqs.includes(seq));
    };
    const [first] = entries;
    if (first === undefined) return [];
    const targets = new Set(entries.flatMap((entry) => targetOf(entry) ?? []));
    const inLog = [...targets].filter((seq) => seq < first.seq);
    const rows = await read(first.room, inLog);
    const deleted = entries.filter(({ kind }) => kind === 'delete').map(targetOf);
    const edits = rows
      .filter(({ seq }) => deleted.includes(seq))
      .flatMap(({ state }) => state?.edits ?? []);
    return [...rows, ...(await read(first.room, edits))];
  };

  /** Entries and their effects in as few transactions as hold them. Each as it is told. */
  const appendWithEffects = async (
    entries: readonly Entry[],
  ): Promise<readonly Entry[] | 'taken'> => {
    const { said, rows, changed } = effectsOf(entries, await rowsOf(entries));
    if (rows.length + changed.length <= TRANSACTION_ITEMS && rows.length <= GROUP) {
      return (await log.appendWith(rows, changed)) === 'taken' ? 'taken' : said;
    }
    const half = Math.ceil(entries.length / 2);
    const first = await appendWithEffects(entries.slice(0, half));
    if (first === 'taken') return 'taken';
    const second = await appendWithEffects(entries.slice(half));
    return second === 'taken' ? 'taken' : [...first, ...second];
  };

  /** In order: plain entries before and behind those with effects are cheaper alone. */
  const appendAll = async (entries: readonly Entry[]): Promise<readonly Entry[] | 'taken'> => {
    const hasEffect = (entry: Entry) => targetOf(entry) !== undefined;
    const from = entries.findIndex(hasEffect);
    const to = entries.findLastIndex(hasEffect) + 1;
    const [before, among, behind] =
      from === -1
        ? [entries, [], []]
        : [entries.slice(0, from), entries.slice(from, to), entries.slice(to)];
    if ((await log.append(before)) === 'taken') return 'taken';
    const said = among.length === 0 ? [] : await appendWithEffects(among);
    if (said === 'taken' || (await log.append(behind)) === 'taken') return 'taken';
    return [...before, ...said, ...behind];
  };

  return async (room, arrivals) => {
    const conditional = arrivals.some(({ ifHead }) => ifHead !== undefined);
    const redriven = arrivals.filter((arrival) => arrival.redriven);
    for (let tried = 1; ; tried += 1) {
      // The first look may be a little old: if it is, the number it leads to is taken. But a refusal
      // for a head that has moved writes nothing that would show it.
      const consistent = conditional || tried > 1;
      const near = await log.tail(room, arrivals.length, { consistent });
      const tail = isUnclear(near, arrivals)
        ? await log.tail(room, LONG_TAIL, { consistent: true })
        : near;
      // Its place in the stream is new, and says nothing of what became of it before.
      const older = await findEntries(log, room, redriven);
      const sequenced = sequence([...tail, ...older], arrivals, now());
      const fresh = await appendAll(sequenced.fresh);
      if (fresh !== 'taken') return { ...sequenced, fresh };
      if (tried === APPEND_TRIES) throw new Error(`Room ${room} has another writer`);
    }
  };
}
