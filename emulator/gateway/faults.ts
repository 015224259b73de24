/** What production does unasked, on request: the gateway's hooks for connections that suffer. */
import type { Connection } from './connection.ts';
import type { EventSubject } from './events.ts';

export interface GatewayFaults {
  /** A connection is open from now on. */
  opened(connection: FaultyConnection): void;
  /** A message has come in; false: nobody hears of it. */
  hears(connection: FaultyConnection): boolean;
  /** Milliseconds by which this connection's $disconnect is late; `Infinity`: it never comes. */
  disconnectLateMs(subject: EventSubject): number;
}

export type FaultyConnection = Pick<
  Connection,
  'subject' | 'isOpen' | 'close' | 'cut' | 'silence' | 'ended'
>;
