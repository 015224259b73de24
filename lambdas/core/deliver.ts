import { setTimeout as sleep } from 'node:timers/promises';

import {
  type ConnectionsApi,
  type Payload,
  payload,
  type PostOutcome,
} from './aws/connections-api.ts';
import { packFrames } from './frames.ts';
import type { Recipient } from './recipients.ts';

/**
 * Posts frames to everybody online in a room. A post is a hint: what does not arrive is in the log,
 * and the client asks for it. So one dead or slow socket delays nobody but itself, and no failure here
 * ever fails the batch.
 */
export interface Deliver {
  (
    recipients: readonly Recipient[],
    frames: readonly object[],
    /** Milliseconds since the epoch after which nothing more is begun. */
    deadline: number,
  ): Promise<Delivery>;
}

export interface Delivery {
  readonly posted: number;
  readonly failed: number;
  /** Connections that are no more. */
  readonly gone: readonly Recipient[];
}

/** Posts under way at once: 1,000 connections at 15 ms each take four rounds. */
export const POSTS_AT_ONCE = 256;
/** Some sixty times what a post takes. */
const POST_TIMEOUT_MS = 1_000;
/** Tries of one post while API Gateway is busy; full jitter up to this times 2ⁿ. */
const POST_TRIES = 3;
const BACKOFF_MS = 50;

/**
 * When everybody has had a turn and others are done, a post that nobody answers is given up after so
 * long: whoever is slow or dead holds up neither the end of this delivery nor the next one by more.
 * Milliseconds; some fifteen times what a post takes.
 */
export const GRACE_MS = 250;

export function createDeliver(options: {
  readonly api: Pick<ConnectionsApi, 'post'>;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Default: `GRACE_MS`. */
  readonly graceMs?: number;
}): Deliver {
  const { api, now = Date.now, random = Math.random, graceMs = GRACE_MS } = options;

  const post = async (
    connection: string,
    one: Payload,
    deadline: number,
    stragglers: Stragglers,
  ): Promise<PostOutcome> => {
    for (let tried = 1; ; tried += 1) {
      const left = deadline - now();
      if (left <= 0) return 'failed';
      const timeoutMs = Math.min(left, stragglers.areLeft() ? graceMs : POST_TIMEOUT_MS);
      const outcome = await stragglers.watch((signal) =>
        api.post(connection, one, timeoutMs, signal),
      );
      if (outcome !== 'busy' || tried === POST_TRIES || stragglers.areGivenUp()) return outcome;
      await sleep(Math.min(left, random() * BACKOFF_MS * 2 ** tried));
    }
  };

  /** In order; after a failure the rest would only look like a hole, which `sync` fills anyway. */
  const postAll = async (
    connection: string,
    payloads: readonly Payload[],
    deadline: number,
    stragglers: Stragglers,
  ) => {
    for (const one of payloads) {
      const outcome = await post(connection, one, deadline, stragglers);
      if (outcome !== 'posted') return outcome;
    }
    return 'posted';
  };

  return async (recipients, frames, deadline) => {
    const texts = frames.map((frame) => JSON.stringify(frame));
    const single = texts.map(payload);
    const batched = texts.length > 1 ? packFrames(texts).map(payload) : single;
    const gone: Recipient[] = [];
    const count = { posted: 0, failed: 0 };
    const queue = recipients.values();
    const stragglers = watchStragglers(graceMs);
    const worker = async () => {
      for (const recipient of queue) {
        const payloads = recipient.features.includes('batch') ? batched : single;
        const outcome = await postAll(recipient.connection, payloads, deadline, stragglers);
        if (outcome === 'gone') gone.push(recipient);
        else count[outcome === 'posted' ? 'posted' : 'failed'] += 1;
      }
      stragglers.begin();
    };
    await Promise.all(Array.from({ length: Math.min(POSTS_AT_ONCE, recipients.length) }, worker));
    stragglers.end();
    return { ...count, gone };
  };
}

type Stragglers = ReturnType<typeof watchStragglers>;

/**
 * The posts under way when there is nobody left to begin with: `begin`, and after the grace those still
 * unanswered are aborted. Posts begun later have a time of their own.
 */
function watchStragglers(graceMs: number) {
  const underWay = new Set<AbortController>();
  let timer: NodeJS.Timeout | undefined;
  let givenUp = false;
  return {
    areLeft: () => timer !== undefined,
    areGivenUp: () => givenUp,
    async watch<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
      const controller = new AbortController();
      // One begun in the grace ends by its own time-out.
      if (timer === undefined) underWay.add(controller);
      const result = await work(controller.signal);
      underWay.delete(controller);
      return result;
    },
    begin() {
      timer ??= setTimeout(() => {
        givenUp = true;
        for (const controller of underWay) controller.abort();
      }, graceMs);
    },
    end: () => clearTimeout(timer),
  };
}
