/**
 * What the client needs of a WebSocket, and no more, so that a test, or a runtime without a global
 * `WebSocket`, can bring its own. Text frames only; whatever else comes in is left out.
 */
export interface Socket {
  /** Does nothing unless the socket is open. */
  send(text: string): void;
  /** Closes with 1000 unless told otherwise. MUST be safe at any time, also twice. */
  close(code?: number): void;
}

export interface SocketHandlers {
  open(): void;
  message(text: string): void;
  /** MUST be called once for each socket, whether or not it ever opened; the last call of all. */
  close(code: number, reason: string): void;
}

/** MUST NOT call a handler before it has returned. May throw: the attempt has then failed. */
export type OpenSocket = (url: string, handlers: SocketHandlers) => Socket;

/** `OPEN`, of a WebSocket's `readyState`; said as a number because doubles may lack the constant. */
const OPEN = 1;

/** The platform's own WebSocket: browsers, Node 22 and later. */
export const openWebSocket: OpenSocket = (url, handlers) => {
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => handlers.open());
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') handlers.message(data);
  });
  socket.addEventListener('close', ({ code, reason }) => handlers.close(code, reason));
  return {
    send(text) {
      if (socket.readyState === OPEN) socket.send(text);
    },
    close: (code = 1000) => socket.close(code),
  };
};
