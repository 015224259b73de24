import type { Cause } from '../meter/cause.ts';
import type { ApiContext } from './api-context.ts';
import type { Connection } from './connection.ts';
import { meteredFrames } from './limits.ts';

/**
 * What API Gateway bills of a WebSocket API (aws.md e): messages each way in units of 32 KB, whatever
 * frames they come in, and the minutes of connections. Pings, handshakes and closes are free; error
 * frames and refused messages are counted as any other [UNV].
 */

/** `bytes` of payload; the headers of frames and TLS are not known here and not counted. */
export function countMessage(
  { api, meter }: ApiContext,
  direction: 'in' | 'out',
  bytes: number,
  cause: Cause | undefined,
): void {
  meter.add(`messages.${direction}`, api.path, 1, cause);
  meter.add(`frames.${direction}`, api.path, meteredFrames(bytes), cause);
  // What comes in from the internet is free.
  if (direction === 'out') meter.add('transfer.out', api.path, bytes, cause);
}

/** Counts every minute begun of each connection, also of those that are still open. */
export interface ConnectionMinutes {
  begin(connection: Connection): void;
  end(connection: Connection): void;
}

const MINUTE_MS = 60_000;

export function createConnectionMinutes({ api, clock, meter }: ApiContext): ConnectionMinutes {
  /** Of the open connections: the minutes counted so far. */
  const counted = new Map<Connection, number>();
  const count = (connection: Connection) => {
    const minutes = (clock.now() - connection.subject.connectedAt) / MINUTE_MS;
    const begun = Math.max(1, Math.ceil(minutes));
    meter.add('connection.minutes', api.path, begun - (counted.get(connection) ?? 0));
    counted.set(connection, begun);
  };
  meter.beforeRead(() => {
    for (const connection of counted.keys()) count(connection);
  });
  return {
    begin(connection) {
      meter.add('connections.opened', api.path);
      count(connection);
    },
    end(connection) {
      count(connection);
      counted.delete(connection);
    },
  };
}
