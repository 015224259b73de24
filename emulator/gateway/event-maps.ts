import type { HandshakeRequest, Pairs } from './handshake-request.ts';
import { lastValue } from './handshake-request.ts';

/**
 * The header and query maps of events, from what the client sent: single values (the last one wins)
 * and lists. X-Forwarded-Proto and -Port say https and 443 as on AWS, though the emulator is plain.
 */

/** What the gateway puts between the client and the function: hop headers off, its own on. */
export function forwardedHeaders(handshake: HandshakeRequest, traceId: string): Pairs {
  const replaced = new Set([
    'connection',
    'upgrade',
    'x-amzn-trace-id',
    'x-forwarded-for',
    'x-forwarded-port',
    'x-forwarded-proto',
  ]);
  const forwardedFor = lastValue(handshake.headers, 'X-Forwarded-For');
  return [
    ...handshake.headers.filter(([name]) => !replaced.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', lastValue(handshake.headers, 'X-Amzn-Trace-Id') ?? traceId],
    ['X-Forwarded-For', [forwardedFor, handshake.sourceIp].filter(Boolean).join(', ')],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
}

/** Recordings list headers by name, whatever its case. */
export function headerMaps(pairs: Pairs): Readonly<Record<string, unknown>> {
  const sorted = pairs.toSorted(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()));
  return { headers: lastValues(sorted), multiValueHeaders: allValues(sorted) };
}

export function queryMaps(query: Pairs): Readonly<Record<string, unknown>> {
  if (query.length === 0) return {};
  return {
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: allValues(query),
  };
}

export function lastValues(pairs: Pairs): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs);
}

export function allValues(pairs: Pairs): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
