import { GOING_AWAY } from '../gateway/close-codes.ts';
import type { FaultyConnection, GatewayFaults } from '../gateway/faults.ts';
import type { FaultSource } from './faults.ts';
import { MOMENT, type Occurrence } from './trigger.ts';

/**
 * What goes wrong with the sockets of one API: they are cut, go silent both ways with nobody told,
 * reach a limit at once; a message in is lost with its socket; a $disconnect is late or never comes.
 */
export interface SocketFaults extends GatewayFaults {
  /** Somebody posts to this connection. */
  posting(connectionId: string): void;
}

export function createSocketFaults(
  faults: FaultSource,
  api: { readonly path: string; readonly name: string },
): SocketFaults {
  const open = new Map<string, FaultyConnection>();
  /** Half-open: nothing comes from them any more, not even what was read before. */
  const silent = new WeakSet<FaultyConnection>();
  const at = (operation: string, connection: string): Occurrence => ({
    resources: [api.path, api.name],
    operation,
    connection,
  });
  const strike = (connection: FaultyConnection, operation: string) => {
    if (!faults.any('socket') || !connection.isOpen()) return;
    const rule = faults.take('socket', at(operation, connection.subject.connectionId));
    switch (rule?.fault) {
      case 'cut':
        return connection.cut();
      case 'half-open':
        silent.add(connection);
        return connection.silence();
      case 'idle-limit':
      case 'duration-limit':
        return connection.close(GOING_AWAY);
      case undefined:
        return undefined;
      default:
        return rule satisfies never;
    }
  };
  faults.onMoment('socket', () => {
    for (const connection of open.values()) strike(connection, MOMENT);
  });

  return {
    opened(connection) {
      const { connectionId } = connection.subject;
      open.set(connectionId, connection);
      void connection.ended.then(() => open.delete(connectionId));
      strike(connection, 'connect');
    },
    hears(connection) {
      if (silent.has(connection)) return false;
      if (!faults.any('frame', 'socket')) return true;
      const { connectionId } = connection.subject;
      if (faults.take('frame', at('message', connectionId)) !== undefined) {
        connection.cut();
        return false;
      }
      strike(connection, 'message');
      return !silent.has(connection);
    },
    posting(connectionId) {
      const connection = open.get(connectionId);
      if (connection !== undefined) strike(connection, 'post');
    },
    disconnectLateMs({ connectionId }) {
      const rule = faults.take('disconnect', at('$disconnect', connectionId));
      if (rule === undefined) return 0;
      return rule.fault === 'disconnect-late' ? rule.ms : Infinity;
    },
  };
}
