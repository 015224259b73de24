/**
 * Serves the built web chat on this machine: its files, as they are, and beside them `/config.json`, which
 * tells the page where the chat is. Only the loopback address is listened to, and only requests that name
 * it are answered, because that file may hold the tokens of the demo's people: no other site can have its
 * own name resolve to here and read them.
 */
import { readFileSync, readdirSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative } from 'node:path';

import { PortInUse } from '../emulator/index.ts';
import { securityHeaders } from '../lib/security-headers.ts';

export interface WebServerOptions {
  /** Of the built page (`web-build.ts`); read once, at the start. */
  readonly directory: string;
  readonly config: {
    /** Of the WebSocket. */
    readonly url: string;
    /** Who may sign in with a click. */
    readonly people?: readonly { readonly user: string; readonly token: string }[];
  };
  /** 0 takes any free one. */
  readonly port: number;
}

export interface WebServer {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const HOST = '127.0.0.1';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { directory, config, port } = options;
  const files = new Map([...readFiles(directory), ['/config.json', configFile(config)]]);
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`There is no built page in ${directory}`);
  files.set('/', index);
  const headers = securityHeaders(config.url);

  const server = createServer((request, response) => {
    const { status, headers: own, body } = answer(request, files);
    send(request, response, { status, headers: { ...headers, ...own }, body });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortInUse(`Port ${port} is in use. Choose another one for the web chat.`)
          : error,
      ),
    );
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, files: ReadonlyMap<string, Answer>): Answer {
  if (!isLoopback(request.headers.host ?? '')) return plain(421, 'This is served to this machine');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plain(405, 'Only GET and HEAD', { allow: 'GET, HEAD' });
  }
  const path = (request.url ?? '').replace(/\?.*$/s, '');
  return files.get(path) ?? plain(404, 'There is nothing here');
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
) {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const isLoopback = (host: string) =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(host.replace(/:\d+$/, ''));

function plain(status: number, text: string, headers: OutgoingHttpHeaders = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    body: Buffer.from(`${text}\n`),
  };
}

function readFiles(directory: string): readonly (readonly [string, Answer])[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(directory, file).replaceAll('\\', '/')}`;
      return [path, { status: 200, headers: headersOf(path), body: readFileSync(file) }];
    });
}

/** What Vite puts under `assets` has its hash in its name, and never changes. */
function headersOf(path: string): OutgoingHttpHeaders {
  return {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': path.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
  };
}

function configFile(config: WebServerOptions['config']): Answer {
  return {
    status: 200,
    headers: { 'content-type': TYPES['.json'], 'cache-control': 'no-store' },
    body: Buffer.from(JSON.stringify(config)),
  };
}
