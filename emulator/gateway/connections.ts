import type { Connection } from './connection.ts';

/**
 * The open connections of one API, by id. A connection is here from the moment its $connect has
 * succeeded until it begins to close; before and after, it is as gone as one that never was, which
 * is what makes a post from inside $connect or $disconnect a 410.
 */
export interface Connections {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** Only one that is open, on this stage. */
  find(stage: string, connectionId: string): Connection | undefined;
  /** Those that are closing, too. */
  all(): readonly Connection[];
}

export function createConnections(): Connections {
  const byId = new Map<string, Connection>();
  return {
    add: (connection) => void byId.set(connection.subject.connectionId, connection),
    remove: (connection) => void byId.delete(connection.subject.connectionId),
    find(stage, connectionId) {
      const found = byId.get(connectionId);
      return found?.isOpen() === true && found.subject.stage === stage ? found : undefined;
    },
    all: () => [...byId.values()],
  };
}
