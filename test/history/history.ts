/**
 * What happened, as seen from outside: what each client asked, was told, heard, read and showed, in the
 * order in which it happened in this process; and what the logs hold in the end, read strongly. The
 * checks of `checks/` decide over it and know nothing else: neither the server's code nor the client's.
 */
import type { Entry } from '../../protocol/entry.ts';

/** Where something happened. */
interface Place {
  /** Milliseconds since the recording began, of the clients' time. */
  readonly at: number;
  /** One device of somebody; it outlives reloads. */
  readonly device: string;
  readonly user: string;
  /** Grows with each reload of the device, from 1. */
  readonly life: number;
}

/** A message as the client library shows it. */
export interface ShownMessage {
  readonly uuid: string;
  readonly user: string;
  readonly seq: number | undefined;
  readonly n: number | undefined;
  readonly state: 'sending' | 'sent' | 'failed';
  readonly text: string;
  readonly deleted: boolean;
  readonly code?: string;
}

export type Happening =
  /** Somebody wrote a message; it goes out when it can. */
  | { readonly kind: 'wrote'; readonly room: string; readonly uuid: string; readonly text: string }
  /** A frame left for the server. */
  | {
      readonly kind: 'sent';
      readonly uuid: string;
      readonly action: string;
      readonly room?: string;
      readonly text?: string;
    }
  /** The server answered a uuid of this device. */
  | {
      readonly kind: 'told';
      readonly uuid: string;
      readonly outcome: 'accepted' | 'success' | 'refused';
      readonly code?: string;
      /** Where its entry is. */
      readonly seq?: number;
    }
  /** An entry came in by itself. */
  | { readonly kind: 'heard'; readonly room: string; readonly entry: Entry; readonly head: number }
  /** Part of a log was answered; `since` is the number that `sync` was asked from. */
  | {
      readonly kind: 'read';
      readonly room: string;
      readonly uuid: string;
      readonly head: number;
      readonly entries: readonly Entry[];
      readonly contiguous: boolean;
    }
  /** The list of rooms was answered, and for this room it said so. */
  | {
      readonly kind: 'listed';
      readonly room: string;
      readonly uuid: string;
      readonly head: number;
      readonly read: number;
      readonly unread: number;
    }
  /** The library shows a room so; `final`: all is quiet and will stay so. */
  | {
      readonly kind: 'shown';
      readonly room: string;
      readonly messages: readonly ShownMessage[];
      readonly final?: true;
    }
  /** The library told that something is wrong beyond one request. */
  | { readonly kind: 'problem'; readonly code: string }
  /** What the library proves of what it has loaded. */
  | { readonly kind: 'verified'; readonly room: string; readonly fault?: string }
  /** A frame of the server that its own schemas do not know. */
  | { readonly kind: 'malformed'; readonly fault: string }
  /** From here on nothing goes wrong any more. */
  | { readonly kind: 'healed' };

export type HistoryEvent = Place & Happening;

export type EventOf<Kind extends HistoryEvent['kind']> = Extract<
  HistoryEvent,
  { readonly kind: Kind }
>;

/** A row of a log as it lies in the table. */
export interface LogRow {
  readonly room: string;
  readonly seq: number;
  readonly n: number;
  readonly kind: string;
  readonly user: string;
  readonly uuid: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly hash: string;
  readonly chain: string;
  /** Absent once it was erased. */
  readonly content?: {
    readonly kind: string;
    readonly text?: string;
    readonly target?: number;
    readonly member?: string;
    readonly reason?: string;
  };
  readonly edited?: number;
  readonly deleted?: number;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  /** By room, oldest first. */
  readonly logs: ReadonlyMap<string, readonly LogRow[]>;
  /** What the Inbox holds of each sender's uuid: the text, or undefined when it was erased. */
  readonly inbox: ReadonlyMap<string, string | undefined>;
}

/** What must not be, with the few events and rows that contradict each other. */
export interface Violation {
  /** The check that found it. */
  readonly check: string;
  readonly what: string;
  readonly piece: readonly (HistoryEvent | LogRow)[];
}

/** Pure, and linear in the length of the history. The first violation is enough. */
export type Check = (history: History) => Violation | undefined;

/** The name of a sender's uuid in a room, over all rooms. */
export const identity = (room: string, user: string, uuid: string): string =>
  JSON.stringify([room, user, uuid]);

/** All rows of all logs. */
export const rowsOf = ({ logs }: History): readonly LogRow[] => [...logs.values()].flat();

/** The rows of all logs, by `identity`. */
export const rowsByIdentity = (history: History): ReadonlyMap<string, LogRow> =>
  new Map(rowsOf(history).map((row) => [identity(row.room, row.user, row.uuid), row]));

/** Entries that came to a device, whichever way. */
export const entriesOf = (event: HistoryEvent): readonly Entry[] => {
  if (event.kind === 'heard') return [event.entry];
  return event.kind === 'read' ? event.entries : [];
};
