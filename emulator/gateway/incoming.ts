import type { Duplex } from 'node:stream';

import type { RawData, WebSocket } from 'ws';

import { BINARY_REFUSED, TOO_LARGE } from './close-codes.ts';
import type { Connection } from './connection.ts';
import { createFrameLimit } from './frame-limit.ts';
import type { GatewayLimits } from './limits.ts';

/**
 * What a client sends, as far as the gateway judges it before any route: text messages are passed
 * on, a binary one closes the connection with 1003, a frame over its limit with 1009.
 *
 * The close stands exactly where the large frame begins, however TCP cut the bytes: messages before
 * it are passed on, nothing after it is.
 */
export function listen(
  connection: Connection,
  webSocket: WebSocket,
  socket: Duplex,
  limits: GatewayLimits,
  onMessage: (text: string) => void,
): void {
  const closeAtLargeFrame = watchFrames(connection, socket, limits.frameBytes);
  webSocket.on('message', (data, isBinary) => {
    if (!connection.isOpen()) return;
    connection.touch();
    if (isBinary) connection.close(BINARY_REFUSED);
    else onMessage(toText(data));
    closeAtLargeFrame();
  });
  if (limits.pingResetsIdle) webSocket.on('ping', () => connection.touch());
}

/** The answer is to be called after each message, and closes once the last good one was passed on. */
function watchFrames(connection: Connection, socket: Duplex, frameBytes: number): () => void {
  const frames = createFrameLimit(frameBytes);
  let messagesAllowed = Number.POSITIVE_INFINITY;
  let messagesPassed = 0;
  const closeIfDue = () => {
    if (messagesPassed >= messagesAllowed) connection.close(TOO_LARGE);
  };
  const read = (chunk: Buffer) => {
    const messagesBefore = frames.read(chunk);
    if (messagesBefore === undefined) return;
    socket.off('data', read);
    messagesAllowed = messagesBefore;
    closeIfDue();
  };
  // First in line: `ws` must not pass on a message that this chunk's large frame completes.
  socket.prependListener('data', read);
  return () => {
    messagesPassed += 1;
    closeIfDue();
  };
}

function toText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
