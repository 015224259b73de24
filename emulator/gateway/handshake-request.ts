import type { IncomingMessage } from 'node:http';

/**
 * A client's request for a connection, as the gateway's events need it: header names in the case
 * they were sent, every value of a repeated header or query key, the host the client used.
 *
 * Difference from AWS: the host is the emulator's own, with its port, where AWS has
 * `<apiId>.execute-api.<region>.amazonaws.com`, so that `${domainName}/${stage}` finds the emulator.
 */
export interface HandshakeRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** The path's only segment, decoded; undefined when the path is not `/<stage>` or `/<stage>/`. */
  readonly stageName: string | undefined;
  readonly headers: Pairs;
  readonly query: Pairs;
  /** Host and port, from the Host header. */
  readonly host: string;
  readonly sourceIp: string;
}

/** Names and values in the order sent; a name may come again. */
export type Pairs = readonly (readonly [name: string, value: string])[];

export function readHandshakeRequest(request: IncomingMessage): HandshakeRequest {
  const url = request.url ?? '/';
  const [path = '/', search = ''] = splitOnce(url, '?');
  return {
    method: request.method ?? 'GET',
    url,
    stageName: readStageName(path),
    headers: pairUp(request.rawHeaders),
    query: [...new URLSearchParams(search)],
    host: request.headers.host ?? 'localhost',
    sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
  };
}

/** The last value sent under a name, whatever its case, as AWS's single-value maps have it. */
export function lastValue(pairs: Pairs, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return pairs.findLast(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** The stage in a path of one segment; a path that is nothing else has none. */
export function readStageName(path: string): string | undefined {
  const segment = /^\/([^/]+)\/?$/.exec(path)?.[1];
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Node's `rawHeaders` lists names and values in turn. */
function pairUp(rawHeaders: readonly string[]): Pairs {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
}
