import type { ApiContext } from './api-context.ts';
import type { Connection } from './connection.ts';

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
