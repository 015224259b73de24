import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { CredentialStore } from './credentials.ts';
import { BODY_TOO_LARGE } from './http-api/error-answers.ts';
import type { RunningHttpApi } from './http-api/http-api.ts';
import { type HttpResponse, readHttpRequest } from './http-api/http-request.ts';
import { type Service, serviceError, type ServiceResponse } from './service.ts';
import { verifySignature } from './signature.ts';

/**
 * The HTTP server in front of everything on one port: reads a request, finds the service it is for,
 * checks its signature as that service would, and hands it over. On AWS the host tells services
 * apart; here, on one host, it is the target header and the path.
 */
export interface Front {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Connects what answers; until then, every request waits for nobody: 503. */
  serve(services: FrontServices): void;
  close(): Promise<void>;
}

export interface FrontServices {
  readonly dynamodb: Service;
  readonly sqs: Service;
  readonly lambda: Service;
  /** What the emulator tells about itself, under `/_parley`, to anybody on this machine. */
  readonly page?: Service;
  /** The API of this port, if it has one. */
  readonly api?: {
    readonly service: Service;
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  };
  /** The HTTP API of this port, if it has one: it takes whatever is for no service. */
  readonly http?: RunningHttpApi;
}

/** Bytes: DynamoDB takes the largest requests, 16 MB. */
export const REQUEST_MAX_BYTES = 16 * 1_024 * 1_024;

/** A port that another program has; `message` says what to do. */
export class PortInUse extends Error {}

/** Listens on `port` of the loopback address; 0 takes any free one. */
export async function startFront(options: {
  readonly port: number;
  readonly credentials: CredentialStore;
}): Promise<Front> {
  let services: FrontServices | undefined;
  const server = createServer((request, response) => {
    answer(request, services, options.credentials)
      .catch((error: unknown) => {
        // A fault of the emulator itself, not of the program it runs.
        process.emitWarning(error instanceof Error ? error : String(error));
        return serviceError(500, 'InternalFailure', 'The emulator failed');
      })
      .then((answered) => write(response, answered))
      .catch((error: unknown) => response.destroy(error as Error));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (services?.api === undefined) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    else services.api.upgrade(request, socket, head);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  const port = await listen(server, options.port);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    serve(connected) {
      services = connected;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Longer than an SDK keeps an idle socket, so that it is the client that gives it up. */
const KEEP_ALIVE_MS = 60_000;

const listen = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortInUse(
              `Port ${port} is in use: choose another with --port, or 0 for any free one`,
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

async function answer(
  request: IncomingMessage,
  services: FrontServices | undefined,
  credentials: CredentialStore,
): Promise<ServiceResponse | HttpResponse> {
  if (services === undefined) return serviceError(503, 'ServiceUnavailable', 'Not ready yet');
  const { method = 'GET', url: path = '/' } = request;
  const body = await readBody(request);
  if (body === undefined) {
    if (services.http !== undefined) return BODY_TOO_LARGE;
    return serviceError(413, 'RequestEntityTooLarge', `At most ${REQUEST_MAX_BYTES} bytes`);
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value = '']) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const route = routeOf(services, path, headers['x-amz-target'] ?? '');
  if (route === undefined) {
    return services.http === undefined
      ? serviceError(404, 'UnknownOperationException', 'Nothing is here')
      : services.http.answer(readHttpRequest(request, body));
  }
  const plain = { method, path, headers, body };
  if (!route.signed) return route.service({ ...plain, principal: { kind: 'administrator' } });
  // The machine's own time: functions sign with it, however fast the cloud's clock runs.
  const verified = verifySignature(plain, credentials, Date.now());
  if ('refused' in verified) return route.refuse(verified);
  return route.service({ ...plain, principal: verified.principal });
}

interface Route {
  readonly service: Service;
  readonly signed: boolean;
  /** How this service words a missing or wrong signature. */
  refuse(refusal: { readonly refused: string; readonly message: string }): ServiceResponse;
}

const refuseWith =
  (status: number): Route['refuse'] =>
  ({ refused, message }) =>
    serviceError(
      status,
      refused === 'missing' ? 'MissingAuthenticationTokenException' : 'InvalidSignatureException',
      message,
    );

const refuseAsApi: Route['refuse'] = ({ refused, message }) => ({
  status: 403,
  headers: {
    'content-type': 'application/json',
    'x-amzn-errortype':
      refused === 'missing' ? 'MissingAuthenticationTokenException' : 'InvalidSignatureException',
  },
  body: JSON.stringify({
    message: refused === 'missing' ? 'Missing Authentication Token' : message,
  }),
});

function routeOf(services: FrontServices, path: string, target: string): Route | undefined {
  const { dynamodb, sqs, lambda, page, api } = services;
  if (target.startsWith('DynamoDB')) {
    return { service: dynamodb, signed: true, refuse: refuseWith(400) };
  }
  if (target.startsWith('AmazonSQS.'))
    return { service: sqs, signed: true, refuse: refuseWith(403) };
  if (path.startsWith('/2015-03-31/functions/')) {
    return { service: lambda, signed: true, refuse: refuseWith(403) };
  }
  if (page !== undefined && /^\/_parley(?:[/?]|$)/.test(path)) {
    return { service: page, signed: false, refuse: refuseWith(403) };
  }
  if (api === undefined) return undefined;
  const manages = /\/(@|%40)connections\//i.test(path);
  return { service: api.service, signed: manages, refuse: refuseAsApi };
}

/** The body, or undefined when it is too long; the rest is read and thrown away, so that the client hears the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= REQUEST_MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= REQUEST_MAX_BYTES ? Buffer.concat(chunks) : undefined;
}

function write(
  response: ServerResponse,
  { status, headers = {}, body = '' }: ServiceResponse | HttpResponse,
): void {
  const pairs = isPairs(headers) ? headers : Object.entries(headers);
  // HTTP forbids the length of what has no body.
  const length =
    status === 204 || status === 304 ? [] : ['content-length', Buffer.byteLength(body)];
  response.writeHead(status, [...length, ...pairs.flat()].map(String));
  response.end(body);
}

const isPairs = (headers: NonNullable<ServiceResponse['headers']> | HttpResponse['headers']) =>
  Array.isArray(headers);
