import type { Ending } from './events.ts';

/** How connections end, as their $disconnect says it (the table of aws.md c). */

/** DELETE @connections. */
export const CLOSED_NORMALLY: Ending = { code: 1000, reason: 'Connection Closed Normally' };
/** Idle too long; also the two hours, and the emulator's own end [UNV both]. */
export const GOING_AWAY: Ending = { code: 1001, reason: 'Going away' };
/** A binary message; the reason's text is not known [UNV]. */
export const BINARY_REFUSED: Ending = { code: 1003, reason: '' };
/** A message or frame over its limit; the reason's text is not known [UNV]. */
export const TOO_LARGE: Ending = { code: 1009, reason: '' };
/** The TCP connection was lost; AWS's own code is not known [UNV]. */
export const LOST: Ending = { code: 1006, reason: '' };

const NO_STATUS_CODE = 1005;

/** The end a client chose; it may have sent no code, and then AWS has words for that. */
export function clientEnding(code: number, reason: string): Ending {
  return code === NO_STATUS_CODE
    ? { code, reason: 'Client-side close frame status not set' }
    : { code, reason };
}

/** The code with which `ws` refuses bytes that are no WebSocket frames, by its error's `code`. */
export function protocolErrorEnding(error: Error & { readonly code?: unknown }): Ending {
  switch (error.code) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return TOO_LARGE;
    case 'WS_ERR_INVALID_UTF8':
      return { code: 1007, reason: '' };
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return { code: 1008, reason: '' };
    default:
      return { code: 1002, reason: '' };
  }
}
