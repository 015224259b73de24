import type { HttpResponse } from './http-request.ts';

/** The answers that API Gateway gives in place of a function, to the byte. */

export const NOT_FOUND = errorAnswer(404, 'Not Found');
export const UNAUTHORIZED = errorAnswer(401, 'Unauthorized');
export const FORBIDDEN = errorAnswer(403, 'Forbidden');
export const INTERNAL_SERVER_ERROR = errorAnswer(500, 'Internal Server Error');
/** The integration took too long. */
export const SERVICE_UNAVAILABLE = errorAnswer(503, 'Service Unavailable');
export const TOO_MANY_REQUESTS = errorAnswer(429, 'Too Many Requests');
export const BODY_TOO_LARGE = errorAnswer(413, 'Request Entity Too Large');
export const HEADERS_TOO_LARGE = errorAnswer(431, 'Request Header Fields Too Large');

function errorAnswer(status: number, message: string): HttpResponse {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: JSON.stringify({ message }),
  };
}
