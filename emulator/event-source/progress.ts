/**
 * Which records of a shard are still unfinished, and so how far its checkpoint may move: to the last
 * record before the first unfinished one, in the order in which they were read.
 */
import { sequenceNumberOf, type StreamRecord } from './stream.ts';

export interface Progress {
  /** A record was read and must be finished. */
  hold(record: StreamRecord): void;
  /** Everything up to this number was read; unless it is held, it needs nothing more. */
  pass(sequenceNumber: string): void;
  /** Finishing a record twice changes nothing: records may be delivered again. */
  finish(records: readonly StreamRecord[]): void;
  /** The number up to which all is finished; undefined before any is. */
  checkpoint(): string | undefined;
  /** How many records are unfinished. */
  held(): number;
  oldest(): StreamRecord | undefined;
}

export function createProgress(): Progress {
  /** In the order of reading; a number without a record is finished. */
  const pending = new Map<string, StreamRecord | undefined>();
  let held = 0;
  let checkpoint: string | undefined;
  const settle = () => {
    for (const [sequenceNumber, record] of pending) {
      if (record !== undefined) return;
      pending.delete(sequenceNumber);
      checkpoint = sequenceNumber;
    }
  };
  return {
    hold(record) {
      pending.set(sequenceNumberOf(record), record);
      held += 1;
    },
    pass(sequenceNumber) {
      if (!pending.has(sequenceNumber)) pending.set(sequenceNumber, undefined);
      settle();
    },
    finish(records) {
      for (const sequenceNumber of records.map(sequenceNumberOf)) {
        if (pending.get(sequenceNumber) === undefined) continue;
        pending.set(sequenceNumber, undefined);
        held -= 1;
      }
      settle();
    },
    checkpoint: () => checkpoint,
    held: () => held,
    oldest: () => [...pending.values()].find((record) => record !== undefined),
  };
}
