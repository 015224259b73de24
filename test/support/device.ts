import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

import { expect, TestRunner } from 'vitest';
import { WebSocket } from 'ws';

import { faultOf } from './frame-fault.ts';

/** Any frame from the server, as a plain client sees it. */
export type Frame = Readonly<Record<string, unknown>> & {
  readonly uuid?: string | null;
  readonly action?: string | null;
  readonly status?: string;
  readonly code?: string;
  readonly error_message?: string;
  readonly room?: string;
  readonly head?: number;
  readonly message?: {
    readonly id: string;
    readonly seq: number;
    readonly text: string;
  } & Readonly<Record<string, unknown>>;
  readonly room_messages?: readonly { readonly seq: number; readonly text: string }[];
};

/**
 * One socket of somebody, with everything that ever came in on it. It is a plain WebSocket client: it
 * knows the article's three actions, and nothing of the product's code but the schemas: a frame that
 * is not exactly as they say fails the test, so that all tests together prove them.
 */
export interface Device {
  /** Text frames as they came, in order. */
  readonly texts: readonly string[];
  /** All frames, arrays of `batch` unpacked. */
  readonly frames: readonly Frame[];
  send(frame: object | string | Buffer): void;
  /** Sends a frame and waits for the first frame that answers its uuid. */
  ask(frame: object): Promise<Frame>;
  /** The first frame, past or coming, that satisfies the condition. */
  until(condition: (frame: Frame) => boolean): Promise<Frame>;
  authenticate(token: string, features?: readonly string[]): Promise<Frame>;
  select(room: string): Promise<Frame>;
  /** Says something, without waiting for anything; answers the uuid. */
  say(room: string, text: string, uuid?: string): string;
  /** Texts of the messages that came in as broadcasts of a room, in order. */
  heard(room: string): readonly string[];
  /** Resolves when everything that was on its way to it has come in: the answer to a ping is behind it. */
  caughtUp(): Promise<void>;
  /** Closes, and waits until it is closed. */
  close(): Promise<void>;
  /** Cuts the connection without a close frame, as a lost network does. */
  cut(): void;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export async function openDevice(url: string): Promise<Device> {
  const socket = new WebSocket(url);
  const texts: string[] = [];
  const frames: Frame[] = [];
  let watchers: { condition: (frame: Frame) => boolean; found: (frame: Frame) => void }[] = [];
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    texts.push(text);
    for (const frame of ([] as Frame[]).concat(JSON.parse(text) as Frame | Frame[])) {
      refuseFaulty(frame);
      frames.push(frame);
      const found = watchers.filter(({ condition }) => condition(frame));
      watchers = watchers.filter((watcher) => !found.includes(watcher));
      for (const watcher of found) watcher.found(frame);
    }
  });
  const closed = once(socket, 'close').then(([code, reason]: unknown[]) => ({
    code: Number(code),
    reason: String(reason),
  }));
  // The close of a socket that never opened is told by its error.
  closed.catch(() => {});
  await once(socket, 'open');

  const device: Device = {
    texts,
    frames,
    closed,
    send: (frame) =>
      socket.send(
        typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame),
      ),
    until(condition) {
      const before = frames.find(condition);
      if (before !== undefined) return Promise.resolve(before);
      return new Promise((found) => watchers.push({ condition, found }));
    },
    ask(frame) {
      const uuid = 'uuid' in frame ? frame.uuid : randomUUID();
      const answered = new Promise<Frame>((found) =>
        watchers.push({ condition: (reply) => reply.uuid === uuid, found }),
      );
      device.send({ ...frame, uuid });
      return answered;
    },
    authenticate: (token, features) =>
      device.ask({
        action: 'authenticate',
        token,
        ...(features === undefined ? {} : { features }),
      }),
    select: (room) => device.ask({ action: 'select_room', room }),
    say(room, text, uuid = randomUUID()) {
      device.send({ uuid, action: 'new_message', room, text });
      return uuid;
    },
    heard: (room) =>
      frames.flatMap((frame) =>
        frame.action === 'new_message' && frame.status === 'success' && frame.room === room
          ? [frame.message?.text ?? '']
          : [],
      ),
    async caughtUp() {
      const answered = once(socket, 'pong');
      socket.ping();
      await answered;
    },
    async close() {
      socket.close();
      await closed;
    },
    cut: () => socket.terminate(),
  };
  return device;
}

/** Fails the test that runs, which goes on; where none does, throws. */
function refuseFaulty(frame: Frame) {
  const check = TestRunner.getCurrentTest() === undefined ? expect : expect.soft;
  check(faultOf(frame)).toBeUndefined();
}
