import { once } from 'node:events';

import { WebSocket } from 'ws';

import { median } from './figure.ts';

/**
 * Plain WebSocket clients in a process of their own, so that what they cost is not on the server's
 * account. Told what to do by the parent process, one order after the other; each is answered.
 */
export type Order =
  /** Opens a socket for each list of frames, and sends these one after another, each answered. */
  | { readonly do: 'open'; readonly url: string; readonly frames: readonly (readonly string[])[] }
  /** On the first socket, so many times: a frame, and the first one that comes back. */
  | { readonly do: 'ask'; readonly frame: string; readonly times: number }
  /**
   * Each socket sends its frame, all at once, until so many messages of a room were heard in all. On a machine
   * that is too busy some never come, for a post to a client that does not answer is given up: not for ever, then.
   */
  | { readonly do: 'say'; readonly frames: readonly string[]; readonly deliveries: number };

export interface Answer {
  /** Of `ask` the median, of the others all. */
  readonly ms: number;
  /** Of `say`: messages that were heard until then. */
  readonly heard?: number;
}

/** Milliseconds without a message after which no more is expected. */
const SILENCE_MAX_MS = 10_000;

/** Sockets that open at the same time. */
const AT_ONCE = 32;

const sockets: WebSocket[] = [];

async function exchange(socket: WebSocket, frame: string): Promise<void> {
  const answered = once(socket, 'message');
  socket.send(frame);
  await answered;
}

async function openOne(url: string, frames: readonly string[]): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  for (const frame of frames) await exchange(socket, frame);
  return socket;
}

async function open({ url, frames }: Extract<Order, { do: 'open' }>): Promise<void> {
  for (let from = 0; from < frames.length; from += AT_ONCE) {
    const group = frames.slice(from, from + AT_ONCE);
    sockets.push(...(await Promise.all(group.map((opening) => openOne(url, opening)))));
  }
}

async function ask({ frame, times }: Extract<Order, { do: 'ask' }>): Promise<number> {
  const [socket] = sockets;
  if (socket === undefined) throw new Error('no socket is open');
  const durations: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const sentAt = performance.now();
    await exchange(socket, frame);
    durations.push(performance.now() - sentAt);
  }
  return median(durations);
}

interface Frame {
  readonly action?: string;
  readonly status?: string;
}

/** An error is told under the same action, and is no delivery. */
const messagesIn = (text: string) =>
  ([] as Frame[])
    .concat(JSON.parse(text) as Frame | Frame[])
    .filter(({ action, status }) => action === 'new_message' && status === 'success').length;

async function say({ frames, deliveries }: Extract<Order, { do: 'say' }>): Promise<Answer> {
  const startedAt = performance.now();
  let heard = 0;
  let heardAt = startedAt;
  const all = Promise.withResolvers<void>();
  for (const socket of sockets) {
    socket.on('message', (data: Buffer) => {
      heard += messagesIn(data.toString());
      heardAt = performance.now();
      if (heard >= deliveries) all.resolve();
    });
  }
  for (const [index, frame] of frames.entries()) sockets[index % sockets.length]?.send(frame);
  const silence = setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MAX_MS) all.resolve();
  }, SILENCE_MAX_MS / 10);
  await all.promise;
  clearInterval(silence);
  return { ms: heardAt - startedAt, heard };
}

async function obey(order: Order): Promise<Answer> {
  const startedAt = performance.now();
  if (order.do === 'say') return say(order);
  if (order.do === 'ask') return { ms: await ask(order) };
  await open(order);
  return { ms: performance.now() - startedAt };
}

process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
