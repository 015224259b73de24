import { describe, expect, test } from 'vitest';

import type { Entry } from '../../../lambdas/core/entry.ts';
import {
  createFanOut,
  type DeliverEvent,
  type FanOutParts,
} from '../../../lambdas/core/fan-out.ts';
import type { Recipient } from '../../../lambdas/core/recipients.ts';
import type { RoomSize } from '../../../lambdas/core/room-sizes.ts';
import type { Content } from '../../../protocol/content.ts';

const recipient = (user: string, features: Recipient['features'] = ['batch']): Recipient => ({
  connection: `of-${user}`,
  user,
  features,
});
const crowd = (count: number) =>
  Array.from({ length: count }, (_, index) => recipient(`user${index}`));

const entry = (
  seq: number,
  content: Content = { kind: 'message', text: `text ${seq}` },
): Entry => ({
  room: 'r',
  seq,
  n: seq,
  kind: content.kind,
  user: 'ann',
  uuid: `u${seq}`,
  action: 'any',
  timestamp: seq,
  sequencedAt: seq,
  position: String(seq),
  said: { content, nonce: 'chance' },
  hash: 'hash',
  chain: 'chain',
});
const leave = (seq: number, member: string) =>
  entry(seq, { kind: 'leave', member, reason: 'banned' });
const join = (seq: number, member: string) => entry(seq, { kind: 'join', member });

/** A job over a log and the people online, listed once for each look, the last ones ever after. */
function fanOutOf(entries: readonly Entry[], ...looks: (readonly Recipient[])[]) {
  const events: DeliverEvent[] = [];
  const sleeps: number[] = [];
  const noted: RoomSize[] = [];
  const taken: number[] = [];
  const clock = { now: 1_000 };
  const parts: FanOutParts = {
    log: {
      from: async (_room, from, count) => entries.filter(({ seq }) => seq >= from).slice(0, count),
      tail: async (_room, count) => entries.slice(-count).toReversed(),
    },
    crowd: {
      async all() {
        const recipients = (looks.length > 1 ? looks.shift() : looks[0]) ?? [];
        return { recipients, size: { shards: 1, connections: 4 } };
      },
    },
    sizes: { note: async (_room, size) => void noted.push(size) },
    budget: {
      async take(posts) {
        taken.push(posts);
        return clock.now;
      },
    },
    lambda: { start: async (_name, event) => void events.push(event as DeliverEvent) },
    functionName: 'deliver',
    postsPerSecond: 1_000,
    largeRoom: 4,
    now: () => clock.now,
    async sleep(milliseconds) {
      if (milliseconds > 0) sleeps.push(milliseconds);
      clock.now += milliseconds;
    },
  };
  const fanOut = createFanOut(parts);
  const job = { room: 'r', from: 1, waitMs: 0, charged: 1_000_000, without: [] };
  return {
    parts,
    events,
    sleeps,
    noted,
    taken,
    run: (more: object = {}) => fanOut({ ...job, ...more }, Infinity),
    told: () => events.flatMap(({ recipients }) => recipients.map(({ user }) => user)),
    seqs: () => events[0]?.frames.map((frame) => (frame.message ?? frame.entry)?.seq),
  };
}

describe('a job', () => {
  test('waits for its time, and tells everybody what is in the log from its first entry on', async () => {
    const { run, sleeps, told, seqs, events } = fanOutOf([entry(1), entry(2), entry(3)], crowd(5));
    expect(await run({ from: 2, waitMs: 700 })).toEqual({ connections: 5, posts: 5, failed: 0 });
    expect(sleeps).toEqual([700]);
    expect(told()).toEqual(crowd(5).map(({ user }) => user));
    expect(seqs()).toEqual([2, 3]);
    expect(events[0]?.frames.map(({ head }) => head)).toEqual([3, 3]);
  });

  test('starts one share after the other, at the pace of the budget', async () => {
    const { run, sleeps, events } = fanOutOf([entry(1)], crowd(1_200));
    await run();
    expect(events.map(({ recipients }) => recipients.length)).toEqual([500, 500, 200]);
    expect(sleeps).toEqual([500, 500]);
  });

  test('takes from the budget what was not foreseen', async () => {
    const features = ['ack', 'receipts'] as const;
    const { run, taken, events } = fanOutOf(
      [entry(1), entry(2)],
      [...crowd(3), recipient('old', features)],
    );
    await run({ charged: 2 });
    expect(taken).toEqual([3]);
    expect(events[0]?.recipients.at(-1)?.features).toEqual([]);
  });

  test('of more entries than it carries tells the newest, and the head', async () => {
    const entries = Array.from({ length: 400 }, (_, index) => entry(index + 1));
    const { run, seqs } = fanOutOf(entries, crowd(1));
    await run();
    const told = seqs() ?? [];
    expect(told.at(-1)).toBe(400);
    expect(told).toEqual(entries.slice(-told.length).map(({ seq }) => seq));
    expect(told.length).toBeGreaterThan(200);
  });

  test('writes down how large the room is, when that has changed by a tenth', async () => {
    const grown = fanOutOf([entry(1)], crowd(17));
    await grown.run();
    expect(grown.noted).toEqual([{ shards: 16, connections: 17 }]);
    const same = fanOutOf([entry(1)], crowd(4));
    await same.run();
    expect(same.noted).toEqual([]);
  });

  test('whose share cannot be started goes on with the others', async () => {
    const { parts } = fanOutOf([entry(1)], crowd(1_200));
    let tries = 0;
    const { lambda } = parts;
    const fanOut = createFanOut({
      ...parts,
      lambda: {
        start(name, event) {
          tries += 1;
          return tries === 1 ? Promise.reject(new Error('throttled')) : lambda.start(name, event);
        },
      },
    });
    const job = { room: 'r', from: 1, waitMs: 0, charged: 2_000, without: [] };
    expect(await fanOut(job, Infinity)).toMatchObject({ failed: 1 });
    expect(tries).toBe(3);
  });
});

describe('[P8] whoever leaves a large room', () => {
  const others = crowd(4);
  const all = [...others, recipient('bob')];

  test('and just did, is not told even if still listed', async () => {
    const { run, told } = fanOutOf([entry(5)], all);
    await run({ without: ['bob'] });
    expect(told()).not.toContain('bob');
  });

  test('is off the list before the others hear of it', async () => {
    const { run, sleeps, told, seqs } = fanOutOf(
      [entry(1), leave(2, 'bob'), entry(3)],
      all,
      all,
      others,
    );
    await run();
    expect(sleeps).toEqual([200, 200]);
    expect(told()).toEqual(others.map(({ user }) => user));
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('and never goes off the list has died with the broadcaster: others hear what was before', async () => {
    const { run, told, seqs } = fanOutOf([entry(1), leave(2, 'bob'), entry(3)], all);
    await run();
    expect(told()).not.toContain('bob');
    expect(seqs()).toEqual([1]);
  });

  test('and comes back is told as the others are', async () => {
    const { run, told, seqs } = fanOutOf([leave(1, 'bob'), join(2, 'bob'), entry(3)], all);
    await run();
    expect(told()).toContain('bob');
    expect(seqs()).toEqual([1, 2, 3]);
  });
});
