import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';

import { WebSocket } from 'ws';

/** A client that keeps what it receives, so that a test can ask late and miss nothing. */
export interface TestClient {
  /** The next text message, in order of arrival. */
  next(): Promise<string>;
  send(message: string | Buffer): void;
  /** Sends one message as several frames. */
  sendFrames(frames: readonly string[]): void;
  /** A ping and its pong: the gateway has read everything sent before. */
  roundTrip(): Promise<void>;
  /** Messages that nobody has asked for. */
  unread(): readonly string[];
  /** Cuts the connection without a close frame. */
  terminate(): void;
  close(code?: number, reason?: string): void;
  /** How the connection ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export async function connect(url: string, protocols: readonly string[] = []): Promise<TestClient> {
  const socket = new WebSocket(url, [...protocols]);
  const received: string[] = [];
  const waiting: ((message: string) => void)[] = [];
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? 'a binary message' : textOf(data);
    const wake = waiting.shift();
    if (wake === undefined) received.push(message);
    else wake(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  // A cut connection is an end like any other; `closed` tells.
  socket.on('error', () => {});
  return {
    next: async () => received.shift() ?? new Promise<string>((resolve) => waiting.push(resolve)),
    send: (message) => socket.send(message),
    sendFrames(frames) {
      for (const [index, frame] of frames.entries()) {
        socket.send(frame, { fin: index === frames.length - 1 });
      }
    },
    async roundTrip() {
      socket.ping();
      await once(socket, 'pong');
    },
    unread: () => received,
    terminate: () => socket.terminate(),
    close: (code, reason) => socket.close(code, reason),
    closed,
  };
}

/** What a handshake was answered, seen as the HTTP exchange it is. */
export interface HandshakeAnswer {
  readonly status: number;
  /** Names in the case they came. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Asks for an upgrade and leaves at once, whatever the answer. */
export async function handshake(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HandshakeAnswer> {
  const target = new URL(url.replace(/^ws/, 'http'));
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = request(target, {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
      ...headers,
    },
  });
  sent.end();
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('upgrade', (response, socket: Duplex) => {
      socket.destroy();
      resolve({
        status: response.statusCode ?? 0,
        rawHeaders: response.rawHeaders,
        headers: response.headers,
        body: '',
      });
    });
    sent.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          rawHeaders: response.rawHeaders,
          headers: response.headers,
          body,
        }),
      );
    });
  });
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
