import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { CredentialStore } from './credentials.ts';
import type { Principal } from './iam/principal.ts';

/**
 * AWS Signature Version 4 in the Authorization header: who signed a request? For keys the emulator
 * handed to functions the signature is verified as AWS does, token and date included. Any other key
 * is the administrator's, its secret cannot be known: a well-formed header is enough.
 *
 * Not copied: signatures in the query (presigned URLs), Signature Version 4A, chunked payloads, and
 * S3's rule for the path (every other service encodes it a second time).
 */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `message` is AWS's sentence for the refusal. */
export type Verification =
  | { readonly principal: Principal }
  | {
      readonly refused: 'missing' | 'incomplete' | 'expired' | 'mismatch' | 'unknown-token';
      readonly message: string;
    };

/** How far the date of a request may be from ours, either way. */
const dateToleranceMs = 5 * 60_000;

/** `now` is in milliseconds since the epoch, by the clock that the signers have too. */
export function verifySignature(
  request: SignedRequest,
  credentials: CredentialStore,
  now: number,
): Verification {
  const header = request.headers['authorization'];
  if (header === undefined) {
    return { refused: 'missing', message: 'Request is missing Authentication Token' };
  }
  const claim = parseAuthorization(header, request.headers['x-amz-date']);
  if ('lacking' in claim) return { refused: 'incomplete', message: claim.lacking };
  const issued = credentials.find(claim.accessKeyId);
  if (issued === undefined) return { principal: { kind: 'administrator' } };

  const { sessionToken } = issued.credentials;
  if (!same(request.headers['x-amz-security-token'] ?? '', sessionToken)) {
    const message = 'The security token included in the request is invalid.';
    return { refused: 'unknown-token', message };
  }
  const untimely = dateRefusal(claim, now);
  if (untimely !== undefined) return { refused: 'expired', message: untimely };
  if (same(claim.signature, sign(request, claim, issued.signingKey))) {
    return { principal: issued.principal };
  }
  return {
    refused: 'mismatch',
    message:
      'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method.',
  };
}

function dateRefusal({ date, timeMs }: Claim, now: number): string | undefined {
  const [earliest, latest] = [now - dateToleranceMs, now + dateToleranceMs];
  if (timeMs > latest) {
    return `Signature not yet current: ${date} is still later than ${basicIso(latest)} (${basicIso(now)} + 5 min.)`;
  }
  // Written so that a date which is none is refused too.
  return timeMs >= earliest
    ? undefined
    : `Signature expired: ${date} is now earlier than ${basicIso(earliest)} (${basicIso(now)} - 5 min.)`;
}

/** What the header says. */
interface Claim {
  readonly accessKeyId: string;
  /** `date/region/service/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As sent, e.g. `20260101T000000Z`. */
  readonly date: string;
  readonly timeMs: number;
}

const algorithm = 'AWS4-HMAC-SHA256';

function parseAuthorization(
  header: string,
  date: string | undefined,
): Claim | { readonly lacking: string } {
  if (!header.startsWith(`${algorithm} `)) return lacking(`the algorithm ${algorithm}`);
  const parameter = (name: string) => new RegExp(`[ ,]${name}=([^, ]+)`).exec(header)?.[1];
  const credential = /^([^/]+)\/(\d{8}\/[^/]+\/[^/]+\/aws4_request)$/.exec(
    parameter('Credential') ?? '',
  );
  const signedHeaders = parameter('SignedHeaders');
  const signature = parameter('Signature');
  if (credential === null) return lacking("'Credential' parameter");
  if (signedHeaders === undefined) return lacking("'SignedHeaders' parameter");
  if (signature === undefined) return lacking("'Signature' parameter");
  if (date === undefined) return lacking("existence of either a 'X-Amz-Date' or a 'Date' header");
  const [, accessKeyId = '', scope = ''] = credential;
  return {
    accessKeyId,
    scope,
    signedHeaders: signedHeaders.split(';'),
    signature,
    date,
    timeMs: Date.parse(
      date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
    ),
  };
}

function lacking(what: string): { readonly lacking: string } {
  return { lacking: `Authorization header requires ${what}.` };
}

function sign(request: SignedRequest, claim: Claim, keyOf: (scope: string) => Buffer): string {
  const toSign = [algorithm, claim.date, claim.scope, sha256(canonicalRequest(request, claim))];
  return createHmac('sha256', keyOf(claim.scope)).update(toSign.join('\n')).digest('hex');
}

function canonicalRequest({ method, path, headers, body }: SignedRequest, claim: Claim): string {
  const [, pathname = '/', query = ''] = /^([^?]*)\??(.*)$/s.exec(path) ?? [];
  return [
    method,
    canonicalPath(pathname),
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalValue(headers[name] ?? '')}`),
    '',
    claim.signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

/**
 * The path as sent, normalised and encoded once more: `/prod/@connections/a%3D` is signed as
 * `/prod/%40connections/a%253D`.
 */
function canonicalPath(pathname: string): string {
  const segments: string[] = [];
  for (const segment of pathname.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const end = segments.length > 0 && pathname.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .toSorted(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalValue(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Text that is no valid encoding stays as it is: its signature will not match, that is all. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** Compares without telling by its time where the texts differ. */
function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const basicIso = (timeMs: number) => new Date(timeMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
