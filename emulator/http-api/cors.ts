import type { Pairs } from '../gateway/handshake-request.ts';
import type { CorsConfiguration } from '../model.ts';
import { headerValue } from './http-request.ts';
import type { HttpRequest, HttpResponse } from './http-request.ts';

/**
 * CORS as an HTTP API answers it from its configuration: preflights by itself, and headers on what
 * functions answer, whose own CORS headers it then takes off. An origin that is not allowed gets no
 * such headers, and its browser refuses by itself. Pure.
 */

/** An OPTIONS request with the two headers that AWS asks of a preflight. */
export function isPreflight(request: HttpRequest): boolean {
  return (
    request.method === 'OPTIONS' &&
    headerValue(request, 'Origin') !== '' &&
    headerValue(request, 'Access-Control-Request-Method') !== ''
  );
}

export function preflightAnswer(cors: CorsConfiguration, request: HttpRequest): HttpResponse {
  const headers = originHeaders(cors, request);
  return {
    status: 204,
    headers: headers.length === 0 ? [] : [...headers, ...preflightHeaders(cors)],
    body: '',
  };
}

/** The answer of a function, with the API's CORS headers in place of its own. */
export function withCors(
  cors: CorsConfiguration | undefined,
  request: HttpRequest,
  answer: HttpResponse,
): HttpResponse {
  if (cors === undefined) return answer;
  const own = originHeaders(cors, request);
  const exposed: Pairs =
    own.length === 0 ? [] : listHeader('access-control-expose-headers', cors.exposeHeaders);
  const kept = answer.headers.filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: [...kept, ...own, ...exposed] };
}

function originHeaders(cors: CorsConfiguration, request: HttpRequest): Pairs {
  const origin = headerValue(request, 'Origin');
  if (origin === '' || !cors.allowOrigins.some((allowed) => allows(allowed, origin))) return [];
  const answered = cors.allowOrigins.includes('*') && !cors.allowCredentials ? '*' : origin;
  return [
    ['access-control-allow-origin', answered],
    ...(cors.allowCredentials ? [['access-control-allow-credentials', 'true'] as const] : []),
  ];
}

function preflightHeaders(cors: CorsConfiguration): Pairs {
  return [
    ...listHeader('access-control-allow-methods', cors.allowMethods),
    ...listHeader('access-control-allow-headers', cors.allowHeaders),
    ...(cors.maxAgeSeconds === undefined
      ? []
      : [['access-control-max-age', String(cors.maxAgeSeconds)] as const]),
  ];
}

/** `https://*` means any origin of that scheme; there are no other wildcards. */
function allows(allowed: string, origin: string): boolean {
  if (allowed === '*') return true;
  if (allowed === 'https://*' || allowed === 'http://*')
    return origin.startsWith(allowed.slice(0, -1));
  return allowed.toLowerCase() === origin.toLowerCase();
}

const listHeader = (name: string, values: readonly string[]): Pairs =>
  values.length === 0 ? [] : [[name, values.join(',')]];
