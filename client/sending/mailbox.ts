/**
 * Somebody's outbox as it stands, in memory and in the storage at once. Whoever writes before it is known
 * who he is, is nobody at first, and kept in memory alone; what he left unsent earlier comes before that.
 */
import type { Clock } from '../clock.ts';
import type { KeptMessages } from './kept-messages.ts';
import * as boxes from './outbox.ts';
import type { Outbox, Unsent } from './outbox.ts';
import type { StoredMessage } from './outbox-storage.ts';
import { refusalOf } from './refusal.ts';
import { newUuid } from '../uuid.ts';

export type Written = Pick<StoredMessage, 'room' | 'text' | 'replyTo' | 'mentions' | 'meta'>;

export interface Mailbox {
  readonly outbox: Outbox;
  find(uuid: string): Unsent | undefined;
  /** It is this user's, and so is what nobody was known to have written; fetches what he left unsent. */
  load(user: string): Promise<void>;
  post(written: Written): Unsent;
  retry(uuid: string): void;
  discard(uuid: string): void;
  /** The log shows it. */
  seen(uuid: string): void;
  /** The room's log was read anew. */
  doubt(room: string): void;
  /** The server has accepted it. */
  accept(message: Unsent): void;
  /** The server has refused it for good. */
  fail(message: Unsent, code: string): void;
}

export interface MailboxOptions {
  readonly clock: Clock;
  readonly kept: KeptMessages;
  /** The unsent messages of a room changed, and perhaps the next one can go out. */
  readonly changed: (room: string) => void;
}

export function createMailbox({ clock, kept, changed }: MailboxOptions): Mailbox {
  let outbox: Outbox = [];
  let user = '';
  let place = 0;

  const find = (uuid: string) => outbox.find((message) => message.uuid === uuid);
  const nextPlace = () => (place = Math.max(place + 1, clock.now()));
  const become = (room: string, next: Outbox) => {
    if (next === outbox) return;
    outbox = next;
    changed(room);
  };
  const remove = (uuid: string) => {
    const message = find(uuid);
    if (message === undefined) return;
    if (message.accepted !== true) kept.remove(message);
    become(message.room, boxes.remove(outbox, uuid));
  };
  return {
    get outbox() {
      return outbox;
    },
    find,
    async load(name) {
      user = name;
      const nobodys = outbox.filter((message) => message.user === '');
      outbox = outbox.map((message) => ({ ...message, user }));
      for (const message of nobodys) kept.put({ ...message, user });
      const stored = await kept.load(user);
      place = Math.max(place, ...stored.map((message) => message.place));
      outbox = boxes.add(outbox, stored);
      for (const room of new Set(outbox.map((message) => message.room))) changed(room);
    },
    post(written) {
      const isFull = outbox.length >= boxes.OUTBOX_MAX_COUNT;
      const stamp = { user, uuid: newUuid(), place: nextPlace(), time: clock.now() };
      const message = toUnsent(written, stamp);
      if (isFull) return { ...message, failed: 'outbox_full' };
      kept.put(message);
      become(written.room, boxes.add(outbox, [message]));
      return message;
    },
    retry(uuid) {
      const message = find(uuid);
      if (message?.failed === undefined) return;
      outbox = boxes.retry(outbox, uuid, nextPlace());
      const again = find(uuid);
      if (again !== undefined) kept.put(again);
      changed(message.room);
    },
    discard(uuid) {
      if (find(uuid)?.accepted !== true) remove(uuid);
    },
    seen: remove,
    doubt: (room) => become(room, boxes.doubt(outbox, room)),
    accept(message) {
      kept.remove(message);
      become(message.room, boxes.accept(outbox, message.uuid));
    },
    fail(message, code) {
      kept.put({ ...message, failed: code });
      become(message.room, boxes.fail(outbox, message.uuid, code));
    },
  };
}

/** What would be refused fails at once. */
function toUnsent(
  { meta, ...said }: Written,
  stamp: Pick<StoredMessage, 'user' | 'uuid' | 'place' | 'time'>,
): Unsent {
  const json = toJson(meta);
  const message = { ...said, ...stamp, ...json };
  const code = json === undefined ? 'invalid_meta' : refusalOf(message);
  return code === undefined ? message : { ...message, failed: code };
}

/** As JSON has it, so that it can be kept and sent; undefined when it is no JSON. */
function toJson(meta: unknown): { readonly meta?: unknown } | undefined {
  if (meta === undefined) return {};
  try {
    return { meta: JSON.parse(JSON.stringify(meta)) as unknown };
  } catch {
    return undefined;
  }
}
