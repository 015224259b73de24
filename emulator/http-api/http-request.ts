import type { IncomingMessage } from 'node:http';

import { readHandshakeRequest } from '../gateway/handshake-request.ts';
import type { Pairs } from '../gateway/handshake-request.ts';

/**
 * A request to an HTTP API, as its events need it. The host is the emulator's own, with its port,
 * where AWS has `<apiId>.execute-api.<region>.amazonaws.com`, so that code which builds addresses
 * from it finds the emulator.
 */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** As sent, in the order and the case sent; a name may come again. */
  readonly headers: Pairs;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** E.g. `HTTP/1.1`. */
  readonly protocol: string;
}

/** What a client gets; a header may come again. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Pairs;
  readonly body: string | Buffer;
}

export function readHttpRequest(request: IncomingMessage, body: Buffer): HttpRequest {
  const { method, url, headers, sourceIp } = readHandshakeRequest(request);
  return { method, url, headers, body, sourceIp, protocol: `HTTP/${request.httpVersion}` };
}

/** All values sent under a name, whatever its case, joined by commas as AWS joins them. */
export function headerValue({ headers }: Pick<HttpRequest, 'headers'>, name: string): string {
  return joined(headers, (candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? '';
}

/** Name by name in lower case, values joined by commas. */
export function joinedHeaders({ headers }: HttpRequest): Readonly<Record<string, string>> {
  return joinedValues(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** Name by name, in alphabetical order, the values of a repeated one joined by commas. */
export function joinedValues(pairs: Pairs): Readonly<Record<string, string>> {
  const names = [...new Set(pairs.map(([name]) => name))].toSorted();
  return Object.fromEntries(
    names.map((name) => [name, joined(pairs, (candidate) => candidate === name) ?? '']),
  );
}

export function queryOf({ url }: HttpRequest): Pairs {
  return [...new URLSearchParams(rawQuery(url))];
}

/** The query as sent, without its question mark. */
export function rawQuery(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** The path decoded, as events and routes see it; what cannot be decoded stays as it is. */
export function decodedPath({ url }: HttpRequest): string {
  const path = url.replace(/\?.*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function joined(pairs: Pairs, wanted: (name: string) => boolean): string | undefined {
  const values = pairs.filter(([name]) => wanted(name)).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}
