import type { Cause } from '../meter/cause.ts';
import type { ApiContext } from './api-context.ts';
import { meteredFrames } from './limits.ts';

/**
 * What API Gateway bills of a WebSocket API (aws.md e): messages each way in units of 32 KB, whatever
 * frames they come in, and the minutes of connections. Pings, handshakes and closes are free; error
 * frames and refused messages are counted as any other [UNV].
 */

/** `bytes` of payload; the headers of frames and TLS are not known here and not counted. */
export function countMessage(
  { api, meter }: ApiContext,
  direction: 'in' | 'out',
  bytes: number,
  cause: Cause | undefined,
): void {
  meter.add(`messages.${direction}`, api.path, 1, cause);
  meter.add(`frames.${direction}`, api.path, meteredFrames(bytes), cause);
  // What comes in from the internet is free.
  if (direction === 'out') meter.add('transfer.out', api.path, bytes, cause);
}
