/**
 * What somebody has written and the log does not show yet: in order, each under a uuid of its own, which
 * makes it safe to send it again. In a room one is under way at a time, and the next goes out when the
 * server has accepted the one before: so they get their numbers in the order they were written in. One
 * that is refused for good stands aside, and the others go on.
 *
 * Pure: each step makes a new outbox.
 */
import type { StoredMessage } from './outbox-storage.ts';

/** Messages in an outbox; to write more is refused with `outbox_full`. */
export const OUTBOX_MAX_COUNT = 1_000;

export interface Unsent extends StoredMessage {
  /** The server has it, and its number is still to come. */
  readonly accepted?: true;
}

/** By `place`. */
export type Outbox = readonly Unsent[];

/**
 * Codes after which the same message, under the same uuid, may go through later; after any other it
 * never will. (`slow_mode` passes too, but not soon enough for somebody who looks at it.)
 */
const RETRYABLE_CODES: readonly string[] = [
  'offline',
  'timed_out',
  'closed',
  'rate_limited',
  'authentication_required',
];

export const isRetryable = (code: string): boolean => RETRYABLE_CODES.includes(code);

/** Adds messages; one that is there already stays as it is. */
export function add(outbox: Outbox, messages: readonly StoredMessage[]): Outbox {
  const there = new Set(outbox.map(({ uuid }) => uuid));
  const more = messages.filter(({ uuid }) => !there.has(uuid));
  return [...outbox, ...more].toSorted((a, b) => a.place - b.place);
}

/** What can go out now: of each room the first that is neither accepted nor refused, unless it is under way. */
export function sendable(outbox: Outbox, underWay: ReadonlySet<string>): readonly Unsent[] {
  const rooms = new Set<string>();
  return outbox.filter(({ room, uuid, accepted, failed }) => {
    if (failed !== undefined || accepted === true || rooms.has(room)) return false;
    rooms.add(room);
    return !underWay.has(uuid);
  });
}

export const accept = (outbox: Outbox, uuid: string): Outbox =>
  change(outbox, uuid, (message) => ({ ...message, accepted: true }));

/** It was refused for good. */
export const fail = (outbox: Outbox, uuid: string, code: string): Outbox =>
  change(outbox, uuid, (message) => ({ ...message, failed: code }));

/** Sends one that failed again, behind all others. */
export function retry(outbox: Outbox, uuid: string, place: number): Outbox {
  const again = change(outbox, uuid, ({ failed, ...message }) =>
    failed === undefined ? message : { ...message, place },
  );
  return again.toSorted((a, b) => a.place - b.place);
}

/** The log shows it, or it is not wanted any more. */
export const remove = (outbox: Outbox, uuid: string): Outbox =>
  outbox.some((message) => message.uuid === uuid)
    ? outbox.filter((message) => message.uuid !== uuid)
    : outbox;

/**
 * The log of a room was read anew, and may show those that were accepted where one does not look: they
 * are sent once more, which tells their numbers and does nothing else.
 */
export function doubt(outbox: Outbox, room: string): Outbox {
  const isDoubtful = (message: Unsent) => message.room === room && message.accepted === true;
  if (!outbox.some(isDoubtful)) return outbox;
  return outbox.map((message) => {
    const { accepted: _, ...doubted } = message;
    return isDoubtful(message) ? doubted : message;
  });
}

const change = (outbox: Outbox, uuid: string, to: (message: Unsent) => Unsent): Outbox =>
  outbox.map((message) => (message.uuid === uuid ? to(message) : message));
