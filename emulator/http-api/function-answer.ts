import type { Pairs } from '../gateway/handshake-request.ts';
import type { PayloadFormat } from '../model.ts';
import type { HttpResponse } from './http-request.ts';

/**
 * Reads what a function returned, by the rules of its payload format; undefined for what API Gateway
 * answers with 500. Pure.
 *
 * Format 2.0 infers: anything without a `statusCode` is itself the body, of the type JSON (a text
 * stands as it is). Format 1.0 wants a `statusCode`. A body that is neither text nor absent is refused
 * [UNV], and a function's answer without a content type is plain text [UNV].
 */
export function readFunctionAnswer(
  payload: unknown,
  format: PayloadFormat,
): HttpResponse | undefined {
  const statusCode = property(payload, 'statusCode');
  if (statusCode !== undefined) return readExplicit(payload, statusCode);
  if (format === '1.0') return undefined;
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { status: 200, headers: [['content-type', 'application/json']], body };
}

function readExplicit(payload: unknown, statusCode: unknown): HttpResponse | undefined {
  const body = property(payload, 'body') ?? '';
  if (!/^[2-5]\d\d$/.test(String(statusCode)) || typeof body !== 'string') return undefined;
  const headers = readHeaders(payload);
  return {
    status: Number(statusCode),
    headers: headers.some(([name]) => name === 'content-type')
      ? headers
      : [...headers, ['content-type', 'text/plain;charset=UTF-8']],
    body: property(payload, 'isBase64Encoded') === true ? Buffer.from(body, 'base64') : body,
  };
}

/** Names in lower case; of format 1.0 the lists too, of 2.0 the cookies. */
function readHeaders(payload: unknown): Pairs {
  const lists = entriesOf(property(payload, 'multiValueHeaders')).flatMap(([name, values]) =>
    listOf(values).map((value) => [name, value] as const),
  );
  const listed = new Set(lists.map(([name]) => name));
  const single = entriesOf(property(payload, 'headers')).filter(([name]) => !listed.has(name));
  const cookies = listOf(property(payload, 'cookies')).map(
    (cookie) => ['set-cookie', cookie] as const,
  );
  return [...single, ...lists, ...cookies]
    .map(([name, value]) => [name, String(value)] as const)
    .filter(([name, value]) => isHeader(name, value) && !GATEWAYS_OWN.has(name));
}

/** What the server sets by itself. */
const GATEWAYS_OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A name or value that no HTTP server could write is left out [UNV]. */
const isHeader = (name: string, value: string) =>
  /^[!#$%&'*+\-.^`|~\w]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

function entriesOf(value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, each]) => [name.toLowerCase(), each] as const);
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function property(value: unknown, name: string): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
