import type * as http from 'node:http';

import { createSigner, type Credentials, sha256Hex } from './signature.ts';

/**
 * One AWS endpoint: signed requests over sockets that are kept open. It sends once; who may try again,
 * and how long, is decided by those who know what the request does.
 */
export interface Endpoint {
  request(request: EndpointRequest): Promise<EndpointResponse>;
}

export interface EndpointRequest {
  readonly method: string;
  /** Below the endpoint's own path, percent-encoded, beginning with a slash. */
  readonly path: string;
  /** Lower-case names; they are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Hex SHA-256 of the body, when the caller has it already. */
  readonly payloadHash?: string;
  /** Milliseconds until the request is given up with an error. */
  readonly timeoutMs: number;
  /** Gives the request up with an error before its time. */
  readonly signal?: AbortSignal;
}

export interface EndpointResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What the Lambda runtime provides: the credentials of the function's role, and its region. */
export function roleCredentials(environment = process.env): Credentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

export const region = (environment = process.env): string =>
  environment['AWS_REGION'] ?? 'us-east-1';

/**
 * The standard variable that points an SDK client elsewhere is honoured here too; without it, the
 * service's public endpoint.
 */
export const serviceUrl = (service: string, environment = process.env): string =>
  environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
  environment['AWS_ENDPOINT_URL'] ??
  `https://${service}.${region(environment)}.amazonaws.com`;

/**
 * Not imported: an ES import of `node:http` evaluates its lazy export of WebSocket, which loads all of
 * undici, some 25 ms of every cold start.
 */
const builtin = (name: 'node:http' | 'node:https') => process.getBuiltinModule(name);

export function createEndpoint(options: {
  readonly url: string;
  /** The name SigV4 signs for, e.g. `dynamodb`. */
  readonly service: string;
  /** Sockets open at once; further requests wait for one. */
  readonly maxSockets: number;
  readonly region?: string;
  readonly credentials?: Credentials;
}): Endpoint {
  const url = new URL(options.url);
  const base = url.pathname.replace(/\/$/, '');
  const transport = builtin(url.protocol === 'http:' ? 'node:http' : 'node:https');
  const agent = new transport.Agent({ keepAlive: true, maxSockets: options.maxSockets });
  const signer = createSigner({
    service: options.service,
    region: options.region ?? region(),
    credentials: options.credentials ?? roleCredentials(),
  });

  const send = ({
    method,
    path,
    headers = {},
    body,
    payloadHash,
    timeoutMs,
    signal,
  }: HashedRequest) =>
    new Promise<EndpointResponse>((resolve, reject) => {
      const target = base + path;
      const request = transport.request(
        {
          agent,
          hostname: url.hostname,
          port: url.port,
          method,
          path: target,
          ...(signal === undefined ? {} : { signal }),
          headers: {
            ...signer.sign({ method, host: url.host, path: target, headers, payloadHash }),
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) =>
          read(response, fail, (answered) => {
            clearTimeout(timer);
            resolve(answered);
          }),
      );
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        reject(isStale(request, error) ? new StaleSocket() : error);
      };
      const timer = setTimeout(
        () => request.destroy(new Error(`No answer from ${url.host} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      request.on('error', fail);
      request.end(body);
    });

  return {
    async request(request) {
      const hashed = { ...request, payloadHash: request.payloadHash ?? sha256Hex(request.body) };
      for (;;) {
        try {
          return await send(hashed);
        } catch (error) {
          if (!(error instanceof StaleSocket)) throw error;
        }
      }
    },
  };
}

/** Collects an answer. */
function read(
  response: http.IncomingMessage,
  fail: (error: NodeJS.ErrnoException) => void,
  done: (answer: EndpointResponse) => void,
): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('error', fail);
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response;
    done({ status, headers, body: Buffer.concat(chunks).toString() });
  });
}

type HashedRequest = EndpointRequest & { readonly payloadHash: string };

/**
 * While a sandbox is frozen its idle sockets are closed from the other side, and the first request
 * after the thaw finds out. It goes out again, on the next socket or a new one. In rare cases it had
 * been read all the same: every write of ours bears that, and a client shows each `seq` once.
 */
class StaleSocket extends Error {}

const isStale = (request: http.ClientRequest, { code }: NodeJS.ErrnoException) =>
  request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
