import { WebSocket } from 'ws';

import type { Cause } from '../meter/cause.ts';
import type { ApiContext } from './api-context.ts';
import { GOING_AWAY, LOST, clientEnding, protocolErrorEnding } from './close-codes.ts';
import type { Ending, EventSubject } from './events.ts';
import { countMessage } from './metering.ts';
import { traceOut } from './tracing.ts';

/**
 * One open connection: what it may be sent, how long it may live, how it ends.
 *
 * It is open until the gateway begins to close it or the socket is gone; from then on it takes
 * nothing and gives nothing. The first cause to end it is the one its $disconnect names.
 */
export interface Connection {
  readonly subject: EventSubject;
  /** Epoch milliseconds of the last message in or out. */
  lastActiveAt(): number;
  isOpen(): boolean;
  /** Notes a message (or a ping that counts) from the client. */
  touch(): void;
  /**
   * Sends one text message in frames of at most `frameBytes`, on the account of `cause`. `full`:
   * the client does not read, and nothing was sent. Bytes that are not UTF-8 go out as they are
   * [UNV], and a client will refuse them.
   */
  send(message: string | Buffer, cause: Cause | undefined): 'sent' | 'full' | 'gone';
  /** Begins to close, by the gateway's own will. */
  close(ending: Ending): void;
  /** Breaks the TCP connection off, with nothing said. */
  cut(): void;
  /** As if the network in between were gone: nothing comes or goes, and each side thinks it open. */
  silence(): void;
  /** Resolves when the socket is gone. */
  readonly ended: Promise<void>;
}

/** `onEnd` is called once, when the socket is gone. */
export function startConnection(
  context: ApiContext,
  subject: EventSubject,
  socket: WebSocket,
  onEnd: (ending: Ending) => void,
): Connection {
  let lastActiveAt = context.clock.now();
  let ending: Ending | undefined;
  let silent = false;
  let closed = () => {};
  const isOpen = () => ending === undefined && socket.readyState === WebSocket.OPEN;
  const touch = () => {
    lastActiveAt = context.clock.now();
  };
  const end = (chosen: Ending, how: () => void) => {
    if (!isOpen()) return;
    ending = chosen;
    closed = context.activity.begin();
    how();
  };
  const cut = () => end(LOST, () => socket.terminate());
  const close = (chosen: Ending) =>
    end(chosen, () => {
      // A close frame would never arrive.
      if (silent) socket.terminate();
      else socket.close(chosen.code, chosen.reason);
    });
  const stopWatching = watchLife(
    context,
    () => lastActiveAt,
    () => close(GOING_AWAY),
  );

  // `ws` answers bytes that are no frames with the right close by itself, and then says so here.
  socket.on('error', (error) => {
    ending ??= protocolErrorEnding(error);
  });
  const ended = new Promise<void>((resolve) => {
    socket.once('close', (code, reason) => {
      stopWatching();
      onEnd(ending ?? clientEnding(code, reason.toString()));
      closed();
      resolve();
    });
  });
  return {
    subject,
    lastActiveAt: () => lastActiveAt,
    isOpen,
    touch,
    send(message, cause) {
      if (!isOpen()) return 'gone';
      if (socket.bufferedAmount > context.limits.clientBufferBytes) return 'full';
      const bytes = Buffer.from(message);
      if (!silent) sendInFrames(socket, bytes, context.limits.frameBytes);
      countMessage(context, 'out', bytes.length, cause);
      traceOut(context, subject, bytes, cause);
      touch();
      return 'sent';
    },
    close,
    cut,
    silence() {
      silent = true;
      socket.pause();
    },
    ended,
  };
}

/** Calls `onEnd` after `idleMs` without a message or `durationMs` in all; the answer stops it. */
function watchLife(
  { clock, limits }: ApiContext,
  lastActiveAt: () => number,
  onEnd: () => void,
): () => void {
  const checkIdle = () => {
    const leftMs = lastActiveAt() + limits.idleMs - clock.now();
    if (leftMs <= 0) onEnd();
    // One timer for all messages: it looks again when the last one it knows of is old enough.
    else cancelIdle = clock.after(leftMs, checkIdle);
  };
  let cancelIdle = clock.after(limits.idleMs, checkIdle);
  const cancelDuration = clock.after(limits.durationMs, onEnd);
  return () => {
    cancelIdle();
    cancelDuration();
  };
}

function sendInFrames(socket: WebSocket, bytes: Buffer, frameBytes: number): void {
  let at = 0;
  for (; bytes.length - at > frameBytes; at += frameBytes) {
    socket.send(bytes.subarray(at, at + frameBytes), { binary: false, fin: false });
  }
  socket.send(bytes.subarray(at), { binary: false, fin: true });
}
