import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { errorFrame } from './error-frames.ts';

/**
 * The answer to a client that does not get its connection: plain HTTP on the socket, and the socket
 * is closed. The bodies are those of API Gateway; a $connect function's own refusal has none.
 */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A refusal of the gateway itself, with AWS's error type in its header. */
function refusal(status: number, errorType: string, message: string): Refusal {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType },
    body: JSON.stringify({ message }),
  };
}

export const FORBIDDEN = refusal(403, 'ForbiddenException', 'Forbidden');
export const UNAUTHORIZED = refusal(401, 'UnauthorizedException', 'Unauthorized');
export const UPGRADE_REQUIRED = refusal(426, 'UpgradeRequiredException', 'Upgrade Required');
export const BAD_HANDSHAKE = refusal(400, 'BadRequestException', 'Bad Request');
export const URI_TOO_LONG = refusal(414, 'RequestTooLongException', 'URI Too Long');
export const TOO_MANY_REQUESTS = refusal(429, 'TooManyRequestsException', 'Too Many Requests');
export const CLOSING = refusal(503, 'ServiceUnavailableException', 'Service Unavailable');

/** Something behind the gateway failed; the body reads like an error frame [UNV]. */
export function failure(status: 500 | 502 | 504, connectionId: string, requestId: string): Refusal {
  const [errorType, message] =
    status === 504
      ? (['GatewayTimeoutException', 'Endpoint request timed out'] as const)
      : (['InternalServerErrorException', 'Internal server error'] as const);
  const body = errorFrame(message, connectionId, requestId);
  return { ...refusal(status, errorType, message), body };
}

/** Writes the refusal and closes the socket once it is out. */
export function refuse(socket: Duplex, { status, headers = {}, body = '' }: Refusal): void {
  const lines = Object.entries({
    Date: new Date().toUTCString(),
    ...headers,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
