import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

/** A request as a server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The same number for requests on the same socket. */
  readonly socket: number;
}

export interface HttpServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** Cuts every socket that is open, as a server does with those that were idle too long. */
  cutAll(): void;
}

/** `drop` cuts the socket instead of answering, `hang` never answers, a function answers itself. */
export type Answer =
  | { readonly status: number; readonly body?: string | object }
  | 'drop'
  | 'hang'
  | ((response: ServerResponse) => void);

/**
 * A real HTTP server that gives these answers in order, and 500 with a word about it when it is asked
 * once more. It is closed when the test is over.
 */
export async function serve(...answers: readonly Answer[]): Promise<HttpServer> {
  const received: Received[] = [];
  const sockets: Socket[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers, socket } = request;
    const body = await text(request);
    received.push({ method, path, headers, body, socket: sockets.indexOf(socket) });
    const answer = answers[received.length - 1] ?? { status: 500, body: 'no answer is set' };
    if (answer === 'drop') socket.destroy();
    else if (typeof answer === 'function') answer(response);
    else if (answer !== 'hang') {
      const text = typeof answer.body === 'object' ? JSON.stringify(answer.body) : answer.body;
      response.writeHead(answer.status).end(text);
    }
  };
  const server = createServer((request, response) => void take(request, response));
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cutAll();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, cutAll };
}
