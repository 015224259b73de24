import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { ConnectionsApi, PostOutcome } from '../../../lambdas/core/aws/connections-api.ts';
import { sha256Hex } from '../../../lambdas/core/aws/signature.ts';
import { createDeliver, POSTS_AT_ONCE } from '../../../lambdas/core/deliver.ts';
import type { Recipient } from '../../../lambdas/core/recipients.ts';

const LATER = Number.MAX_SAFE_INTEGER;

const recipient = (connection: string, features: Recipient['features'] = []): Recipient => ({
  connection,
  user: 'ann',
  features,
});
const recipients = (count: number) =>
  Array.from({ length: count }, (_, index) => recipient(`c${index}`));

interface Post {
  readonly connection: string;
  readonly text: string;
  readonly hash: string;
  readonly timeoutMs: number;
}

type Script = (post: Post, nth: number) => PostOutcome | Promise<PostOutcome>;

/** Posts whose outcomes the script decides, given how many came before on the same connection. */
function scripted(script: Script = () => 'posted') {
  const posts: Post[] = [];
  const atOnce = { now: 0, most: 0 };
  const api: Pick<ConnectionsApi, 'post'> = {
    async post(connection, { text, hash }, timeoutMs) {
      const nth = posts.filter((post) => post.connection === connection).length;
      const post = { connection, text, hash, timeoutMs };
      posts.push(post);
      atOnce.now += 1;
      atOnce.most = Math.max(atOnce.most, atOnce.now);
      const outcome = await script(post, nth);
      atOnce.now -= 1;
      return outcome;
    },
  };
  const textsTo = (connection: string) =>
    posts.filter((post) => post.connection === connection).map(({ text }) => text);
  return { posts, atOnce, textsTo, deliver: createDeliver({ api, random: () => 0 }) };
}

describe('posting', () => {
  test('sends every frame to every recipient, in order, each hashed', async () => {
    const { deliver, posts, textsTo } = scripted();
    const delivery = await deliver(recipients(3), [{ n: 1 }, { n: 2 }], LATER);
    expect(delivery).toEqual({ posted: 3, failed: 0, gone: [] });
    for (const { connection } of recipients(3)) {
      expect(textsTo(connection)).toEqual(['{"n":1}', '{"n":2}']);
    }
    for (const { text, hash } of posts) expect(hash).toBe(sha256Hex(text));
  });

  test('is done at once when nobody is online, or nothing is to be said', async () => {
    const { deliver, posts } = scripted();
    expect(await deliver([], [{ n: 1 }], LATER)).toEqual({ posted: 0, failed: 0, gone: [] });
    expect(await deliver(recipients(2), [], LATER)).toMatchObject({ failed: 0, gone: [] });
    expect(posts).toEqual([]);
  });

  test('[D3] sends one array to whom batches are welcome, and frames to the others', async () => {
    const { deliver, textsTo } = scripted();
    await deliver(
      [recipient('new', ['batch']), recipient('old', ['ack'])],
      [{ n: 1 }, { n: 2 }],
      LATER,
    );
    expect(textsTo('new')).toEqual(['[{"n":1},{"n":2}]']);
    expect(textsTo('old')).toEqual(['{"n":1}', '{"n":2}']);
  });

  test('[D3] sends one frame as it is, even to whom batches are welcome', async () => {
    const { deliver, textsTo } = scripted();
    await deliver([recipient('new', ['batch'])], [{ n: 1 }], LATER);
    expect(textsTo('new')).toEqual(['{"n":1}']);
  });

  test('has at most 256 posts under way, and as many as that', async () => {
    const { deliver, atOnce } = scripted(
      () => new Promise((resolve) => setImmediate(resolve, 'posted')),
    );
    const { posted } = await deliver(recipients(1_000), [{ n: 1 }], LATER);
    expect(posted).toBe(1_000);
    expect(POSTS_AT_ONCE).toBe(256);
    expect(atOnce.most).toBe(256);
  });

  test('has one post under way on each connection', async () => {
    const busy = new Set<string>();
    const { deliver } = scripted(async ({ connection }) => {
      expect(busy.has(connection)).toBe(false);
      busy.add(connection);
      await new Promise(setImmediate);
      busy.delete(connection);
      return 'posted' as const;
    });
    const frames = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect(await deliver(recipients(10), frames, LATER)).toMatchObject({ posted: 10 });
  });
});

describe('a connection', () => {
  test('that is gone is named, and gets no more', async () => {
    const { deliver, textsTo } = scripted(({ connection }) =>
      connection === 'c1' ? 'gone' : 'posted',
    );
    const delivery = await deliver(recipients(3), [{ n: 1 }, { n: 2 }], LATER);
    expect(delivery).toEqual({ posted: 2, failed: 0, gone: [recipient('c1')] });
    expect(textsTo('c1')).toEqual(['{"n":1}']);
  });

  test('that goes between two frames is named', async () => {
    const { deliver } = scripted((_post, nth) => (nth === 1 ? 'gone' : 'posted'));
    const frames = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect(await deliver(recipients(1), frames, LATER)).toMatchObject({ gone: [recipient('c0')] });
  });

  test('that fails gets no more: the rest would look like a hole', async () => {
    const { deliver, textsTo } = scripted(({ connection }) =>
      connection === 'c1' ? 'failed' : 'posted',
    );
    const delivery = await deliver(recipients(3), [{ n: 1 }, { n: 2 }], LATER);
    expect(delivery).toEqual({ posted: 2, failed: 1, gone: [] });
    expect(textsTo('c1')).toEqual(['{"n":1}']);
    expect(textsTo('c2')).toHaveLength(2);
  });

  test('that is busy is tried three times, and then has failed', async () => {
    const { deliver, textsTo } = scripted(() => 'busy');
    expect(await deliver(recipients(1), [{ n: 1 }], LATER)).toMatchObject({ failed: 1 });
    expect(textsTo('c0')).toHaveLength(3);
  });

  test('that was busy gets the frame once it no longer is, and the next one after it', async () => {
    const { deliver, textsTo } = scripted((_post, nth) => (nth < 2 ? 'busy' : 'posted'));
    expect(await deliver(recipients(1), [{ n: 1 }, { n: 2 }], LATER)).toMatchObject({ posted: 1 });
    expect(textsTo('c0')).toEqual(['{"n":1}', '{"n":1}', '{"n":1}', '{"n":2}']);
  });

  test('[D4] that never answers delays no other', async () => {
    const others = Promise.withResolvers<void>();
    const dead = Promise.withResolvers<PostOutcome>();
    const reached = new Set<string>();
    const { deliver } = scripted(({ connection }) => {
      if (connection === 'c0') return dead.promise;
      reached.add(connection);
      if (reached.size === 999) others.resolve();
      return 'posted';
    });
    const delivery = deliver(recipients(1_000), [{ n: 1 }], LATER);
    await others.promise;
    dead.resolve('failed');
    expect(await delivery).toEqual({ posted: 999, failed: 1, gone: [] });
  });
});

describe('[D4] whoever does not answer', () => {
  /** Posts that nobody answers until they are aborted. */
  const silent = (signal: AbortSignal | undefined) =>
    new Promise<PostOutcome>((resolve) =>
      signal?.addEventListener('abort', () => resolve('failed')),
    );
  const isDead = (connection: string) => connection.endsWith('7');

  test('is given up when everybody else has been served, a tenth of all if need be', async () => {
    const graceMs = 20;
    const served: number[] = [];
    const api: Pick<ConnectionsApi, 'post'> = {
      post: async (connection, _payload, _timeoutMs, signal) => {
        if (isDead(connection)) return silent(signal);
        await new Promise(setImmediate);
        served.push(performance.now());
        return 'posted';
      },
    };
    const deliver = createDeliver({ api, graceMs });
    expect(await deliver(recipients(2_000), [{ n: 1 }], LATER)).toEqual({
      posted: 1_800,
      failed: 200,
      gone: [],
    });
    const lastMs = performance.now() - Math.max(...served);
    // Far from the second that each of them would have alone.
    expect(lastMs).toBeLessThan(500);
  });

  test('takes nothing from somebody who answers, and gets one frame after the other', async () => {
    const timeouts: number[] = [];
    const frames = Array.from({ length: 40 }, (_, n) => ({ n }));
    const api: Pick<ConnectionsApi, 'post'> = {
      post: async (connection, _payload, timeoutMs, signal) => {
        if (isDead(connection)) return silent(signal);
        timeouts.push(timeoutMs);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return 'posted';
      },
    };
    const deliver = createDeliver({ api, graceMs: 10 });
    const quick = recipient('c2', ['batch']);
    const delivery = await deliver([quick, recipient('c1'), recipient('c7')], frames, LATER);
    expect(delivery).toEqual({ posted: 2, failed: 1, gone: [] });
    // What is begun when the first has done has the grace for itself alone.
    expect(timeouts).toHaveLength(1 + frames.length);
    expect(timeouts.at(0)).toBe(1_000);
    expect(timeouts.at(-1)).toBe(10);
  });

  test('is not tried again, busy or not', async () => {
    let posts = 0;
    const api: Pick<ConnectionsApi, 'post'> = {
      post: async (connection, _payload, _timeoutMs, signal) => {
        if (!isDead(connection)) return 'posted';
        posts += 1;
        await silent(signal);
        return 'busy';
      },
    };
    const deliver = createDeliver({ api, graceMs: 1, random: () => 0 });
    const two = [recipient('c1'), recipient('c7')];
    expect(await deliver(two, [{ n: 1 }], LATER)).toMatchObject({ posted: 1, failed: 1 });
    expect(posts).toBe(1);
  });
});

describe('the deadline', () => {
  const at = (now: number, script: Script) => {
    const clock = { now };
    const { posts } = scripted();
    const api: Pick<ConnectionsApi, 'post'> = {
      async post(connection, { text, hash }, timeoutMs) {
        const post = { connection, text, hash, timeoutMs };
        posts.push(post);
        return script(post, posts.length - 1);
      },
    };
    return { posts, clock, deliver: createDeliver({ api, now: () => clock.now, random: () => 0 }) };
  };

  test('begins nothing once it has passed', async () => {
    const { deliver, posts } = at(1_000, () => 'posted');
    expect(await deliver(recipients(3), [{ n: 1 }], 1_000)).toEqual({
      posted: 0,
      failed: 3,
      gone: [],
    });
    expect(posts).toEqual([]);
  });

  test('ends what is left of a connection’s frames when it passes between two', async () => {
    const { deliver, posts, clock } = at(0, () => {
      clock.now += 600;
      return 'posted';
    });
    const frames = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect(await deliver(recipients(1), frames, 1_000)).toMatchObject({ posted: 0, failed: 1 });
    expect(posts).toHaveLength(2);
  });

  test('ends the tries of a busy connection', async () => {
    const { deliver, posts, clock } = at(0, () => {
      clock.now += 1_000;
      return 'busy';
    });
    expect(await deliver(recipients(1), [{ n: 1 }], 1_000)).toMatchObject({ failed: 1 });
    expect(posts).toHaveLength(1);
  });

  test.each([
    ['a second when there is more time', 60_000, 1_000],
    ['what time is left', 500, 500],
  ])('gives a post %s', async (_what, deadline, timeoutMs) => {
    const { deliver, posts } = at(0, () => 'posted');
    await deliver(recipients(1), [{ n: 1 }], deadline);
    expect(posts[0]?.timeoutMs).toBe(timeoutMs);
  });
});

test('accounts for everybody once, whatever becomes of the posts', async () => {
  const outcomes = fc.array(fc.constantFrom<PostOutcome>('posted', 'gone', 'busy', 'failed'), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(outcomes, fc.nat(20), async (script, count) => {
      let asked = 0;
      const { deliver, posts } = scripted(() => script[asked++ % script.length] ?? 'posted');
      const frames = [{ n: 1 }, { n: 2 }];
      const { posted, failed, gone } = await deliver(recipients(count), frames, LATER);
      expect(posted + failed + gone.length).toBe(count);
      expect(new Set(gone).size).toBe(gone.length);
      // In order: no connection gets the second frame and then the first.
      for (const { connection } of recipients(count)) {
        const texts = posts.filter((post) => post.connection === connection);
        expect(texts.map(({ text }) => text)).toEqual(texts.map(({ text }) => text).toSorted());
      }
    }),
    { numRuns: 50 },
  );
});
