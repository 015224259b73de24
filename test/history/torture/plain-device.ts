/**
 * A client of the article's kind, without the library: it connects again when it is cut, and sends a
 * frame again, under its own uuid, until it is told something about it. It sees raw frames alone.
 */
import { randomUUID } from 'node:crypto';

import type { Socket } from '../../../client/index.ts';
import type { DeviceRecorder } from '../recorder.ts';
import type { LeapingClock } from './leaping-clock.ts';
import { createRecordedNetwork } from './recorded-socket.ts';

export interface PlainDevice {
  /** Sends a frame until it is answered; resolves with the answer, or undefined when it is closed. */
  ask(frame: Readonly<Record<string, unknown>>, uuid?: string): Promise<Answer | undefined>;
  /** Sends as it is, once, if there is a connection. */
  blurt(text: string): void;
  /** Whether everything that was asked is answered. */
  settled(): boolean;
  close(): void;
}

export interface Answer {
  readonly status: string;
  readonly code?: string;
  readonly [field: string]: unknown;
}

/** Milliseconds of the clients' clock: until a frame is sent again, and until a new connection. */
const REPEAT_MS = 10_000;
const RECONNECT_MS = 1_000;

interface Pending {
  readonly text: string;
  readonly answered: (answer: Answer | undefined) => void;
}

export function openPlainDevice(options: {
  readonly url: string;
  readonly token: string;
  readonly clock: LeapingClock;
  readonly recorder: DeviceRecorder;
}): PlainDevice {
  const { url, token, clock, recorder } = options;
  const network = createRecordedNetwork(recorder);
  const pending = new Map<string, Pending>();
  let socket: Socket | undefined;
  let isSignedIn = false;
  let isClosed = false;
  let stop = () => {};

  const sendAll = () => {
    stop();
    stop = clock.after(REPEAT_MS, () => {
      // Without any answer for so long, the socket is as good as gone.
      if (pending.size > 0) renew();
      else sendAll();
    });
    if (isSignedIn) for (const { text } of pending.values()) socket?.send(text);
  };
  const renew = () => {
    socket?.close();
    isSignedIn = false;
    stop();
    if (!isClosed) stop = clock.after(RECONNECT_MS, connect);
  };
  const hear = (frame: Answer & { readonly uuid?: unknown; readonly action?: unknown }) => {
    if (frame.action === 'authenticate') {
      if (frame.status !== 'success') return renew();
      isSignedIn = true;
      return sendAll();
    }
    const one = pending.get(String(frame.uuid));
    if (one === undefined || isPassing(frame)) return;
    pending.delete(String(frame.uuid));
    one.answered(frame);
  };
  function connect() {
    const mine = network.openSocket(url, {
      open() {
        const frame = { uuid: randomUUID(), action: 'authenticate', token, features: FEATURES };
        mine.send(JSON.stringify(frame));
      },
      message(text) {
        for (const frame of ([] as Answer[]).concat(JSON.parse(text) as Answer)) hear(frame);
      },
      close: () => mine === socket && renew(),
    });
    socket = mine;
    stop();
    stop = clock.after(REPEAT_MS, renew);
  }
  connect();
  return {
    ask(frame, uuid = randomUUID()) {
      const { promise, resolve: answered } = Promise.withResolvers<Answer | undefined>();
      const text = JSON.stringify({ ...frame, uuid });
      pending.set(uuid, { text, answered });
      if (isSignedIn) socket?.send(text);
      return promise;
    },
    blurt: (text) => socket?.send(text),
    settled: () => pending.size === 0,
    close() {
      isClosed = true;
      stop();
      socket?.close();
      for (const { answered } of pending.values()) answered(undefined);
      pending.clear();
    },
  };
}

const FEATURES = ['ack', 'batch'];

/** What is refused for a moment only is sent again. */
const isPassing = ({ code }: Answer) =>
  code === 'rate_limited' || code === 'authentication_required';
