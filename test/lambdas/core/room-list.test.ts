import { expect, test } from 'vitest';

import { createRoomList } from '../../../lambdas/core/room-list.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const row = (room: string, more: object = {}) => ({ room: { S: room }, ...more });

test('[N7] the index may still name a room the user was removed from: it is left out, and the page goes on behind it', async () => {
  const db = scriptedDynamoDb({
    Query: [{ Items: [row('a'), row('b'), row('c')] }],
    BatchGetItem: [
      { Responses: { Rooms: [row('a', { role: { S: 'owner' } })] } },
      { Responses: { Rooms: [row('b', { name: { S: 'B' } }), row('a', { name: { S: 'A' } })] } },
    ],
  });
  const list = createRoomList({ db, table: 'Rooms', index: 'byUser' });
  expect(await list.page('ann', { limit: 2 })).toEqual({
    rooms: [
      {
        id: 'a',
        room: { name: 'A', kind: 'private', slowSeconds: 0, pair: [] },
        member: { user: 'ann', role: 'owner' },
      },
    ],
    next: 'b',
  });
});

test('reads the rows of members consistently, those of rooms for half the price', async () => {
  const db = scriptedDynamoDb({ Query: [{ Items: [row('a')] }], BatchGetItem: [{}, {}] });
  await createRoomList({ db, table: 'Rooms', index: 'byUser' }).page('ann', { limit: 2 });
  expect(db.calls.slice(1).map(({ input }) => input)).toEqual([
    {
      RequestItems: {
        Rooms: { Keys: [{ room: { S: 'a' }, entry: { S: 'member#ann' } }], ConsistentRead: true },
      },
    },
    {
      RequestItems: {
        Rooms: { Keys: [{ room: { S: 'a' }, entry: { S: 'meta' } }], ConsistentRead: false },
      },
    },
  ]);
});
