import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { DynamoDb } from '../../../lambdas/core/aws/dynamodb.ts';
import { createCrowd, isLarge } from '../../../lambdas/core/crowd.ts';
import { createOccupancy } from '../../../lambdas/core/occupancy.ts';
import { createOnline } from '../../../lambdas/core/online.ts';
import { createPostBudget, PROMISED_MAX_MS } from '../../../lambdas/core/post-budget.ts';
import { createRoomSizes, SIZE_KNOWN_MS } from '../../../lambdas/core/room-sizes.ts';
import { startTables, type Tables } from '../../support/tables.ts';

/** What is kept of large rooms, in the real engine; a room is large from six connections on. */
const LARGE = 5;
let tables: Tables;
let table = '';
let db: DynamoDb;
let rooms = 0;

beforeAll(async () => {
  tables = await startTables(inject('assembly'));
  ({ db } = tables);
  table = tables.name('Connections');
});
afterAll(() => tables.close());

/** A room of its own, of so many shards. */
async function roomOf(shards = 1) {
  rooms += 1;
  const room = `room${rooms}`;
  const sizes = createRoomSizes({ db, table });
  if (shards > 1) await sizes.note(room, { shards, connections: 0 });
  const online = createOnline({ db, table, sizes });
  const crowd = createCrowd({ db, table, sizes, largeRoom: LARGE });
  const enter = (from: number, to: number, as = online) =>
    Promise.all(
      Array.from({ length: to - from }, (_, index) => {
        const connection = `c${from + index}`;
        return as.enter({ connection, user: `user-${connection}`, features: [] }, [room]);
      }),
    );
  const names = async () => {
    const { recipients } = await crowd.all(room);
    return recipients.map(({ connection }) => connection).toSorted();
  };
  return { room, sizes, online, crowd, enter, names };
}

describe('those who are online', () => {
  test('are found in every shard, each once, wherever they entered when', async () => {
    const { room, sizes, enter, crowd } = await roomOf();
    await enter(0, 5);
    await sizes.note(room, { shards: 4, connections: 5 });
    const later = createOnline({ db, table });
    // Again: with four shards most are in two of them now.
    await enter(0, 5, later);
    const found = await crowd.all(room);
    expect(found.recipients.map(({ connection }) => connection).toSorted()).toEqual([
      'c0',
      'c1',
      'c2',
      'c3',
      'c4',
    ]);
    expect(found.size).toEqual({ shards: 4, connections: 5 });
  });

  test('are named while they are few, and counted when they are many', async () => {
    const { room, enter, crowd } = await roomOf();
    await enter(0, LARGE);
    const few = await crowd.of(room);
    expect(isLarge(few) ? few : few.length).toBe(LARGE);
    await enter(LARGE, LARGE + 1);
    expect(await crowd.of(room)).toEqual({ connections: LARGE + 1 });
  });

  test('are many by what was counted last, in a room of several shards', async () => {
    const { room, sizes, enter, crowd } = await roomOf(4);
    await enter(0, 40);
    await sizes.note(room, { shards: 4, connections: 40 });
    expect(await crowd.of(room)).toEqual({ connections: 40 });
  });

  test('leave no row behind, whenever they entered and whoever takes them off', async () => {
    const { room, sizes, online, enter, names } = await roomOf();
    await enter(0, 3);
    await sizes.note(room, { shards: 64, connections: 3 });
    const later = createOnline({ db, table });
    await enter(0, 6, later);
    await later.leave('c0', 'user-c0', [room]);
    await later.leave('c3', 'user-c3', [room]);
    expect(await names()).toEqual(['c1', 'c2', 'c4', 'c5']);
    // This one has not heard of more than one shard.
    await online.leaveRoom(room, ['c1', 'c4']);
    expect(await names()).toEqual(['c2', 'c5']);
  });

  test('are counted over all shards, up to as many as are asked for, and the size is nobody', async () => {
    const { room, enter } = await roomOf(16);
    await enter(0, 40);
    const count = async (atMost: number) =>
      (await createOccupancy({ db, table, atMost })(room, { consistent: true })).length;
    expect(await count(1_000)).toBe(40);
    expect(await count(25)).toBe(25);
  });
});

describe('the size of a room', () => {
  test('never shrinks, whoever writes it late', async () => {
    const { room, sizes, crowd } = await roomOf(16);
    await sizes.note(room, { shards: 4, connections: 9 });
    expect((await crowd.all(room)).size).toEqual({ shards: 16, connections: 0 });
    await sizes.note(room, { shards: 16, connections: 9 });
    expect((await crowd.all(room)).size).toEqual({ shards: 16, connections: 9 });
  });

  test('is asked for once a minute, and is one shard where there is none', async () => {
    const { room } = await roomOf(4);
    const clock = { now: 0 };
    let reads = 0;
    const counting: DynamoDb = {
      call: async (operation: never, input: object): Promise<object> => {
        reads += 1;
        return db.call(operation, input);
      },
    };
    const sizes = createRoomSizes({ db: counting, table, now: () => clock.now });
    const shards = async () => {
      const of = await sizes.shards([room, 'never large']);
      return [of(room), of('never large')];
    };
    expect(await shards()).toEqual([4, 1]);
    await createRoomSizes({ db, table }).note(room, { shards: 16, connections: 0 });
    clock.now = SIZE_KNOWN_MS - 1;
    expect(await shards()).toEqual([4, 1]);
    expect(reads).toBe(1);
    clock.now = SIZE_KNOWN_MS;
    expect(await shards()).toEqual([16, 1]);
  });
});

test('[D4] the budget promises posts one after the other, whoever asks, and no further than five minutes', async () => {
  const clock = { now: 1_000_000 };
  const [one, other] = ['one', 'other'].map(() =>
    createPostBudget({ db, table, postsPerSecond: 1_000, now: () => clock.now }),
  );
  expect(await one?.take(3_000)).toBe(1_000_000);
  expect(await other?.take(500)).toBe(1_003_000);
  expect(await one?.take(500)).toBe(1_003_500);
  clock.now += 60_000;
  expect(await other?.take(PROMISED_MAX_MS)).toBe(1_060_000);
  expect(await one?.take(1_000)).toBeUndefined();
  clock.now += 1;
  expect(await one?.take(1_000)).toBe(1_060_000 + PROMISED_MAX_MS);
});
