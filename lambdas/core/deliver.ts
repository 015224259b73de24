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
const POST_TIMEOUT_MS = 3_000;
/** Tries of one post while API Gateway is busy; full jitter up to this times 2ⁿ. */
const POST_TRIES = 3;
const BACKOFF_MS = 50;

export function createDeliver(options: {
  readonly api: Pick<ConnectionsApi, 'post'>;
  readonly now?: () => number;
  readonly random?: () => number;
}): Deliver {
  const { api, now = Date.now, random = Math.random } = options;

  const post = async (connection: string, one: Payload, deadline: number): Promise<PostOutcome> => {
    for (let tried = 1; ; tried += 1) {
      const left = deadline - now();
      if (left <= 0) return 'failed';
      const outcome = await api.post(connection, one, Math.min(left, POST_TIMEOUT_MS));
      if (outcome !== 'busy' || tried === POST_TRIES) return outcome;
      await sleep(Math.min(left, random() * BACKOFF_MS * 2 ** tried));
    }
  };

  /** In order; after a failure the rest would only look like a hole, which `sync` fills anyway. */
  const postAll = async (connection: string, payloads: readonly Payload[], deadline: number) => {
    for (const one of payloads) {
      const outcome = await post(connection, one, deadline);
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
    const worker = async () => {
      for (const recipient of queue) {
        const payloads = recipient.features.includes('batch') ? batched : single;
        const outcome = await postAll(recipient.connection, payloads, deadline);
        if (outcome === 'gone') gone.push(recipient);
        else count[outcome === 'posted' ? 'posted' : 'failed'] += 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(POSTS_AT_ONCE, recipients.length) }, worker));
    return { ...count, gone };
  };
}
