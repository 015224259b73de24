import { describe, expect, test } from 'vitest';

import { comingsOf, type ConnectionRecord } from '../../../lambdas/core/comings.ts';

const AT = 1_000_000;

const record = (
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE',
  pk: string,
  user: string,
  more: { readonly expires?: number; readonly byTtl?: boolean } = {},
): ConnectionRecord => {
  const { expires = AT + 7_200, byTtl = false } = more;
  const image = { user: { S: user }, expires: { N: String(expires) } };
  return {
    eventName,
    ...(byTtl ? { userIdentity: { principalId: 'dynamodb.amazonaws.com' } } : {}),
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: 'c1' } },
      [eventName === 'REMOVE' ? 'OldImage' : 'NewImage']: image,
      ApproximateCreationDateTime: AT,
    },
  };
};

describe('comings', () => {
  test('are told by room and person, whatever the room is called', () => {
    const { rooms } = comingsOf([
      record('INSERT', 'room#a#b#0', 'ann'),
      record('INSERT', 'room#lobby#0', 'ben'),
      record('REMOVE', 'room#a#b#0', 'ben'),
    ]);
    expect(rooms).toEqual(
      new Map([
        [
          'a#b',
          new Map([
            ['ann', {}],
            ['ben', { seenAt: AT * 1_000 }],
          ]),
        ],
        ['lobby', new Map([['ben', {}]])],
      ]),
    );
  });

  test('of somebody who comes back within the batch leave no time of going', () => {
    const { rooms } = comingsOf([
      record('REMOVE', 'room#r#0', 'ann'),
      record('INSERT', 'room#r#0', 'ann'),
    ]);
    expect(rooms.get('r')).toEqual(new Map([['ann', {}]]));
  });

  test('name the rooms at which somebody begins to look, not those at which somebody stops', () => {
    const { lookedAt, rooms } = comingsOf([
      record('INSERT', 'view#r#0', 'ann'),
      record('MODIFY', 'view#s#0', 'ann'),
      record('REMOVE', 'view#t#0', 'ann'),
    ]);
    expect(lookedAt).toEqual(new Set(['r', 's']));
    expect(rooms.size).toBe(0);
  });

  test('say when somebody was last there: the newest of several connections that went', () => {
    const { gone } = comingsOf([
      record('REMOVE', 'user#ann', 'ann'),
      record('REMOVE', 'user#ann', 'ann', { expires: AT - 100, byTtl: true }),
      record('INSERT', 'user#ben', 'ben'),
    ]);
    expect(gone).toEqual(new Map([['ann', AT * 1_000]]));
  });

  test('of a row that the TTL deleted long after its time go by the end that the connection must have had', () => {
    const late = record('REMOVE', 'user#ann', 'ann', { expires: AT - 5_000, byTtl: true });
    expect(comingsOf([late]).gone).toEqual(new Map([['ann', (AT - 5_600) * 1_000]]));
  });

  test('leave out what is none of theirs, and what has no image', () => {
    const nothing = { rooms: new Map(), lookedAt: new Set(), gone: new Map() };
    const broken = { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'room#r#0' } } } };
    expect(comingsOf([record('INSERT', 'c1', 'ann'), broken, {}])).toEqual(nothing);
  });
});
