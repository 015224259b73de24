/**
 * A server of few words on a socket pair: it knows tokens, answers what the connection half asks by
 * itself, and leaves everything else to the test.
 */
import {
  createSocketPairs,
  type ServerSocket,
  type SocketPairs,
  type TestFrame,
} from '../../../client/testing/index.ts';

export interface TestServer extends SocketPairs {
  /** Users by token; a test adds and takes away. */
  readonly tokens: Map<string, string>;
  /** Opens the next socket and answers on it from now on. */
  serve(): Promise<ServerSocket>;
  /** Opens and answers every socket from now on, also those still to come. */
  serveAll(): void;
  /** Actions that it does not answer. */
  readonly deaf: Set<string>;
  /** Sockets on which somebody is signed in, by index. */
  readonly signedIn: Map<ServerSocket, string>;
}

export function createTestServer(): TestServer {
  const pairs = createSocketPairs();
  const tokens = new Map([
    ['token-1', 'alice'],
    ['token-2', 'alice'],
  ]);
  const deaf = new Set<string>();
  const signedIn = new Map<ServerSocket, string>();

  const answer = (socket: ServerSocket, frame: TestFrame) => {
    const { action, token, room } = frame;
    if (deaf.has(String(action))) return;
    if (action === 'authenticate') {
      const username = tokens.get(String(token));
      if (username === undefined) return socket.refuse(frame, 'invalid_token');
      signedIn.set(socket, username);
      return socket.reply(frame, { user: { username }, features: frame['features'] });
    }
    if (!signedIn.has(socket)) return socket.refuse(frame, 'authentication_required');
    if (action === 'list_rooms') socket.reply(frame, { rooms: [] });
    if (action === 'sync') socket.reply(frame, { rooms: {} });
    if (action === 'select_room') socket.reply(frame, { room, room_messages: [], head: 0 });
    if (action === 'typing') socket.reply(frame, { room });
  };
  const attach = (socket: ServerSocket) => {
    socket.onFrame((frame) => answer(socket, frame));
    socket.open();
    return socket;
  };
  return {
    ...pairs,
    tokens,
    deaf,
    signedIn,
    serve: async () => attach(await pairs.next()),
    serveAll() {
      const next = async (): Promise<void> => {
        attach(await pairs.next());
        return next();
      };
      void next();
    },
  };
}
