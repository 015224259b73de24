import { describe, expect, test } from 'vitest';

import { createMembership, createRoomsOfUser, mutedSeconds } from '../../../lambdas/core/rooms.ts';
import { isAtLeast, ROLES } from '../../../protocol/roles.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

describe('a member', () => {
  const memberOf = async (Item: object | undefined) => {
    const db = scriptedDynamoDb({ GetItem: [Item === undefined ? {} : { Item }] });
    return createMembership({ db, table: 'Rooms' }).member('r', 'ann');
  };

  test('is asked for by its row alone, and consistently: who was removed is out at once', async () => {
    const db = scriptedDynamoDb({ GetItem: [{}] });
    await createMembership({ db, table: 'Rooms' }).member('r', 'ann');
    expect(db.calls).toEqual([
      {
        operation: 'GetItem',
        input: {
          TableName: 'Rooms',
          Key: { room: { S: 'r' }, entry: { S: 'member#ann' } },
          ConsistentRead: true,
        },
      },
    ]);
  });

  test('[R2] is nobody without a row', async () => {
    expect(await memberOf(undefined)).toBeUndefined();
  });

  test.each(ROLES)('is a %s when its row says so', async (role) => {
    expect(await memberOf({ role: { S: role } })).toEqual({ user: 'ann', role });
  });

  test.each([
    ['has no role', {}],
    ['has one that there is not', { role: { S: 'king' } }],
    ['has one of another spelling', { role: { S: 'Owner' } }],
    ['has a number for one', { role: { N: '1' } }],
    ['has one that every object has', { role: { S: 'constructor' } }],
  ])('is a plain member when its row %s', async (_what, row) => {
    expect(await memberOf(row)).toEqual({ user: 'ann', role: 'member' });
  });

  test('knows until when it is muted', async () => {
    expect(await memberOf({ mutedUntil: { N: '5000' } })).toMatchObject({ mutedUntil: 5_000 });
  });

  test.each([
    ['1 second when it is 1 ms', 4_999, 1],
    ['the whole seconds that are left', 2_000, 3],
    ['no more when it has passed', 5_000, undefined],
    ['no more long after', 9_000, undefined],
  ])('is muted for %s', (_what, now, seconds) => {
    expect(mutedSeconds({ user: 'ann', role: 'member', mutedUntil: 5_000 }, now)).toBe(seconds);
  });

  test('is not muted when nothing says so', () => {
    expect(mutedSeconds({ user: 'ann', role: 'member' }, 0)).toBeUndefined();
  });
});

describe('a role', () => {
  test('is at least itself and all below it: owner, moderator, member, read-only', () => {
    expect(ROLES).toEqual(['owner', 'moderator', 'member', 'read-only']);
    for (const [index, role] of ROLES.entries()) {
      for (const [other, one] of ROLES.entries()) {
        expect(isAtLeast(role, one)).toBe(index <= other);
      }
    }
  });
});

describe('the rooms of a user', () => {
  test('are all of them, over all pages', async () => {
    const key = { room: { S: 'a' }, entry: { S: 'member#ann' }, user: { S: 'ann' } };
    const db = scriptedDynamoDb({
      Query: [
        { Items: [{ room: { S: 'a' } }], LastEvaluatedKey: key },
        { Items: [], LastEvaluatedKey: key },
        { Items: [{ room: { S: 'b' } }, { room: { S: 'c' } }] },
      ],
    });
    const rooms = createRoomsOfUser({ db, table: 'Rooms', index: 'byUser' });
    expect(await rooms.of('ann')).toEqual(['a', 'b', 'c']);
    expect(db.calls.map(({ input }) => input)).toMatchObject([
      {
        TableName: 'Rooms',
        IndexName: 'byUser',
        ExpressionAttributeValues: { ':user': { S: 'ann' } },
      },
      { ExclusiveStartKey: key },
      { ExclusiveStartKey: key },
    ]);
    expect(db.calls[0]?.input).not.toHaveProperty('ExclusiveStartKey');
  });

  test('are none when there is no row', async () => {
    const db = scriptedDynamoDb({ Query: [{}] });
    expect(await createRoomsOfUser({ db, table: 'Rooms', index: 'byUser' }).of('ann')).toEqual([]);
  });
});
