import { setTimeout as wait } from 'node:timers/promises';

import type { Broadcast } from '../../protocol/replies.ts';
import type { Lambda } from './aws/lambda.ts';
import type { Crowd } from './crowd.ts';
import type { Entry } from './entry.ts';
import type { FanOutJob } from './fan-out-jobs.ts';
import { toFrame } from './frames.ts';
import type { Log } from './log.ts';
import type { PostBudget } from './post-budget.ts';
import type { Recipient } from './recipients.ts';
import type { RoomSize, RoomSizes } from './room-sizes.ts';
import { shardsFor } from './shards.ts';
import { countPosts, newestThatFit, postsEach, type Share, sharesOf, beginOf } from './shares.ts';

/**
 * A job of a large room: waits for its time, reads the log to its head, finds everybody who is online,
 * and starts a `deliver` for each few hundred of them, one after the other as the budget of posts has
 * it. What is older than one job carries is left to `sync`, as is whatever a job does not reach: the
 * frames carry the head.
 */
export interface FanOut {
  (job: FanOutJob, deadline: number): Promise<FanOutResult>;
}

export interface FanOutResult {
  readonly connections: number;
  readonly posts: number;
  /** Shares that could not be started. */
  readonly failed: number;
}

/** What a `deliver` is started with. */
export interface DeliverEvent {
  readonly recipients: readonly Recipient[];
  readonly frames: readonly Broadcast[];
}

/** Entries of one job at most: the shortest there are fill it. */
const JOB_ENTRIES = 300;

/** Whoever leaves is told and taken off by the broadcaster at about this moment. */
const LEAVE_TRIES = 10;
const LEAVE_WAIT_MS = 200;

/** A size that is off by less is not written again. */
const SIZE_CHANGE = 0.1;

const NOTHING: FanOutResult = { connections: 0, posts: 0, failed: 0 };

export interface FanOutParts {
  readonly log: Pick<Log, 'from' | 'tail'>;
  readonly crowd: Pick<Crowd, 'all'>;
  readonly sizes: Pick<RoomSizes, 'note'>;
  readonly budget: PostBudget;
  readonly lambda: Lambda;
  /** Of the function `deliver`. */
  readonly functionName: string;
  readonly postsPerSecond: number;
  /** Connections that one shard is to hold. */
  readonly largeRoom: number;
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

export function createFanOut(parts: FanOutParts): FanOut {
  const { log, crowd, lambda, functionName, postsPerSecond, now = Date.now, sleep = wait } = parts;

  /**
   * The log first and then the people, each as it is: who has left by then, and is not listed any more,
   * has heard his last. Until those who leave in these entries are off the list, nobody else may hear of it.
   */
  const findHearers = async (job: FanOutJob, entries: readonly Entry[]) => {
    const left = leftIn(entries);
    for (let tried = 1; ; tried += 1) {
      const { recipients, size } = await crowd.all(job.room);
      const isLeaving = ({ user }: Recipient) => left.has(user);
      const hearers = recipients.filter(
        (recipient) => !isLeaving(recipient) && !job.without.includes(recipient.user),
      );
      const leaving = recipients.filter(isLeaving);
      if (leaving.length === 0) return { hearers, size, told: entries };
      // The broadcaster died: when its batch comes again, a job tells the rest.
      if (tried === LEAVE_TRIES) {
        const settled = Math.min(...leaving.map(({ user }) => left.get(user) ?? 0));
        return { hearers, size, told: entries.filter(({ seq }) => seq < settled) };
      }
      await sleep(LEAVE_WAIT_MS);
    }
  };

  const noteSize = async (room: string, known: RoomSize, connections: number) => {
    const shards = Math.max(known.shards, shardsFor(connections, parts.largeRoom));
    const change = Math.abs(connections - known.connections) / connections;
    if (shards > known.shards || change > SIZE_CHANGE) {
      await parts.sizes.note(room, { shards, connections });
    }
  };

  const begin = async (share: Share, frames: readonly Broadcast[]) => {
    const recipients = share.recipients.map((recipient): Recipient => ({
      ...recipient,
      features: recipient.features.filter((feature) => feature === 'batch'),
    }));
    const event: DeliverEvent = { recipients, frames };
    try {
      await lambda.start(functionName, event);
      return true;
    } catch {
      return false;
    }
  };

  return async (job, deadline) => {
    await sleep(job.waitMs);
    const entries = await readLog(log, job);
    const head = entries.at(-1)?.seq ?? 0;
    const { hearers, size, told } = await findHearers(job, entries);
    const frames = newestThatFit(told.map((entry) => toFrame(entry, head)));
    if (hearers.length === 0 || frames.length === 0) return NOTHING;

    const posts = countPosts(hearers, postsEach(frames));
    const beganAt = now();
    const rest = posts - job.charged;
    // What was not foreseen comes behind what is promised to others by now.
    const restAt = rest > 0 ? await parts.budget.take(rest) : undefined;
    const promised = { beganAt, charged: job.charged, restAt, postsPerSecond };
    const noted = noteSize(job.room, size, hearers.length);
    const started: Promise<boolean>[] = [];
    const shares = sharesOf(hearers, postsEach(frames));
    for (const share of shares) {
      const at = beginOf(share, promised);
      if (at === undefined || at > deadline) break;
      await sleep(Math.max(0, at - now()));
      started.push(begin(share, frames));
    }
    const begun = (await Promise.all(started)).filter(Boolean).length;
    await noted;
    const failed = shares.length - begun;
    return { connections: hearers.length, posts, failed };
  };
}

/** From the job's first entry to the head, or the newest of these. */
async function readLog(log: FanOutParts['log'], { room, from }: FanOutJob) {
  const entries = await log.from(room, from, JOB_ENTRIES);
  if (entries.length < JOB_ENTRIES) return entries;
  return (await log.tail(room, JOB_ENTRIES)).toReversed();
}

/** Who has left in these entries and not come back, with the number of the entry. */
function leftIn(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const { seq, said } of entries) {
    if (said?.content.kind === 'leave') left.set(said.content.member, seq);
    if (said?.content.kind === 'join') left.delete(said.content.member);
  }
  return left;
}
