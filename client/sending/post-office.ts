/** All there is of sending: the mailbox, the courier that empties it, and where it is kept. */
import type { Clock } from '../clock.ts';
import { type Courier, createCourier } from './courier.ts';
import { createKeptMessages } from './kept-messages.ts';
import type { Line } from '../connection/line.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import type { Problem } from '../problem.ts';

export interface PostOffice {
  readonly mailbox: Mailbox;
  /** Somebody is signed in. */
  readonly begin: Courier['begin'];
  /** Resolves when all that is unsent is in the storage. */
  close(): Promise<void>;
}

export function createPostOffice(options: {
  readonly ask: Line['ask'];
  readonly clock: Clock;
  readonly storage: OutboxStorage;
  /** Who is going to sign in, where that is known. */
  readonly user?: string;
  readonly problem: (problem: Problem) => void;
  /** The unsent messages of a room changed. */
  readonly changed: (room: string) => void;
  /** A message of the room is accepted, and its number does not come. */
  readonly overdue: (room: string) => void;
}): PostOffice {
  const kept = createKeptMessages(options.storage, options.problem);
  const mailbox = createMailbox({
    ...options,
    kept,
    changed(room) {
      options.changed(room);
      courier.send();
    },
  });
  const courier = createCourier({ ...options, mailbox });
  if (options.user !== undefined) void mailbox.load(options.user);
  return {
    mailbox,
    begin: (user) => courier.begin(user),
    close() {
      courier.close();
      return kept.settled();
    },
  };
}
