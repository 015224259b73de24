/**
 * Keeps the outbox's messages in the storage. One thing is done after the other, so that a message is
 * never removed before it was put; what the storage refuses is told, and the chat goes on without.
 */
import type { OutboxStorage, StoredMessage } from './outbox-storage.ts';
import type { Problem } from '../problem.ts';

export interface KeptMessages {
  load(user: string): Promise<readonly StoredMessage[]>;
  put(message: StoredMessage): void;
  remove(message: StoredMessage): void;
  /** Resolves when all is written. */
  settled(): Promise<void>;
}

export function createKeptMessages(
  storage: OutboxStorage,
  problem: (problem: Problem) => void,
): KeptMessages {
  let last: Promise<unknown> = Promise.resolve();

  const next = <Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> => {
    const done = last.then(work).catch(() => {
      problem({ code: 'storage_failed', message: 'Unsent messages will not survive a reload' });
      return otherwise;
    });
    last = done;
    return done;
  };
  const keep = (work: () => Promise<void>) => void next(work, undefined);
  return {
    load: (user) => next(() => storage.load(user), []),
    put({ user, room, uuid, place, text, replyTo, mentions, meta, time, failed }) {
      // As long as it is nobody's: somebody else may use this storage next.
      if (user === '') return;
      const message = {
        user,
        room,
        uuid,
        place,
        text,
        time,
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(mentions === undefined ? {} : { mentions }),
        ...(meta === undefined ? {} : { meta }),
        ...(failed === undefined ? {} : { failed }),
      };
      keep(() => storage.put(message));
    },
    remove: ({ user, uuid }) => keep(() => storage.remove(user, uuid)),
    async settled() {
      await last;
    },
  };
}
