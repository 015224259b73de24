/** The server's end of a socket, in the hands of a test. */
import type { Socket, SocketHandlers } from '../connection/socket.ts';
import { createFlow, type Flow } from './flow.ts';

/** A frame as it came, unchecked. */
export type TestFrame = Readonly<Record<string, unknown>>;

export interface ServerSocket {
  readonly url: string;
  /** From the client to the server. */
  readonly up: Flow;
  /** From the server to the client. */
  readonly down: Flow;
  /** Everything that arrived at the server, in order. */
  readonly received: readonly TestFrame[];
  /** The code with which the client closed; undefined while it has not. */
  readonly closed: number | undefined;
  /** Opens it, as a server does that takes the connection. */
  open(): void;
  /** Sends a frame, several as an array, or any text. */
  send(frame: object | string): void;
  /** Answers a frame with a success that has these fields. */
  reply(to: TestFrame, fields?: object): void;
  /** Answers a frame with an error. */
  refuse(to: TestFrame, code: string, fields?: object): void;
  /** The first frame, arrived already or still to come, that satisfies the condition. */
  until(condition: (frame: TestFrame) => boolean): Promise<TestFrame>;
  /** Calls for each frame that arrives from now on. */
  onFrame(listener: (frame: TestFrame) => void): void;
  /** Closes it from the server's side; 1006 is what a lost network looks like. */
  close(code?: number, reason?: string): void;
}

/** Both ends. */
export interface SocketPair {
  readonly client: Socket;
  readonly server: ServerSocket;
}

export function createSocketPair(url: string, handlers: SocketHandlers): SocketPair {
  const received: TestFrame[] = [];
  const listeners = new Set<(frame: TestFrame) => void>();
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let closed: number | undefined;

  const up = createFlow((text) => {
    const frame = JSON.parse(text) as TestFrame;
    received.push(frame);
    for (const listener of listeners) listener(frame);
  });
  const down = createFlow((text) => {
    if (state === 'open') handlers.message(text);
  });
  const end = (code: number, reason: string) => {
    if (state === 'closed') return;
    state = 'closed';
    up.cut();
    down.cut();
    queueMicrotask(() => handlers.close(code, reason));
  };
  const server: ServerSocket = {
    url,
    up,
    down,
    received,
    get closed() {
      return closed;
    },
    open() {
      if (state !== 'opening') return;
      state = 'open';
      handlers.open();
    },
    send: (frame) => down.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    reply: ({ uuid, action }, fields = {}) =>
      server.send({ uuid, action, status: 'success', ...fields }),
    refuse: ({ uuid, action }, code, fields = {}) =>
      server.send({ uuid, action, status: 'error', code, error_message: code, ...fields }),
    async until(condition) {
      const before = received.find(condition);
      if (before !== undefined) return before;
      return new Promise((resolve) => {
        const listener = (frame: TestFrame) => {
          if (!condition(frame)) return;
          listeners.delete(listener);
          resolve(frame);
        };
        listeners.add(listener);
      });
    },
    onFrame: (listener) => listeners.add(listener),
    close: (code = 1000, reason = '') => end(code, reason),
  };
  const client: Socket = {
    send(text) {
      if (state === 'open') up.send(text);
    },
    close(code = 1000) {
      closed ??= code;
      end(code, '');
    },
  };
  return { client, server };
}
