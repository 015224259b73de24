/**
 * Sockets without a network. The client opens them as it opens any; the test has the other end of each,
 * and decides what arrives, when, in which order, and whether at all.
 */
import type { OpenSocket } from '../connection/socket.ts';
import { createSocketPair, type ServerSocket } from './server-socket.ts';

export interface SocketPairs {
  /** For `createChat({ openSocket })`. */
  readonly openSocket: OpenSocket;
  /** The server's ends of all sockets, in the order in which the client opened them. */
  readonly sockets: readonly ServerSocket[];
  /** The next socket that the client opens, or has opened and nobody has taken; it is open then. */
  accept(): Promise<ServerSocket>;
  /** As `accept`, without opening it. */
  next(): Promise<ServerSocket>;
}

export function createSocketPairs(): SocketPairs {
  const sockets: ServerSocket[] = [];
  const waiting: ((socket: ServerSocket) => void)[] = [];
  let taken = 0;

  const give = () => {
    while (waiting.length > 0 && taken < sockets.length) {
      const [take] = waiting.splice(0, 1);
      const socket = sockets[taken];
      taken += 1;
      if (socket !== undefined) take?.(socket);
    }
  };
  const next = () => {
    const socket = new Promise<ServerSocket>((resolve) => waiting.push(resolve));
    give();
    return socket;
  };
  return {
    sockets,
    openSocket(url, handlers) {
      const { client, server } = createSocketPair(url, handlers);
      sockets.push(server);
      // Not at once: the client has not got its own end yet.
      queueMicrotask(give);
      return client;
    },
    next,
    async accept() {
      const socket = await next();
      socket.open();
      return socket;
    },
  };
}
