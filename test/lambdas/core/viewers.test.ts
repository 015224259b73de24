import { describe, expect, test } from 'vitest';

import { makeEphemeral } from '../../../lambdas/core/ephemeral.ts';
import { createViewers } from '../../../lambdas/core/viewers.ts';
import { VIEWERS_MAX_COUNT } from '../../../protocol/limits.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    pk: { S: 'view#r#0' },
    sk: { S: `c${index}` },
    user: { S: 'bob' },
    features: { SS: ['typing'] },
  }));

/** A room at which so many look. DynamoDB answers no more than it is asked for. */
function viewersOf(count: number) {
  const db = scriptedDynamoDb({
    Query: [
      (input) => {
        const { Limit } = input as { Limit: number };
        expect(Limit).toBe(VIEWERS_MAX_COUNT + 1);
        return { Items: rows(count).slice(0, Limit) };
      },
    ],
  });
  return createViewers({ db, table: 'Connections' });
}

describe('[V10] of those who look at a room', () => {
  test.each([
    [0, 0],
    [VIEWERS_MAX_COUNT, VIEWERS_MAX_COUNT],
    [VIEWERS_MAX_COUNT + 1, 0],
    [10 * VIEWERS_MAX_COUNT, 0],
  ])('%d are %d to be told', async (looking, told) => {
    expect(await viewersOf(looking).of('r')).toHaveLength(told);
  });

  test.each([
    [VIEWERS_MAX_COUNT, VIEWERS_MAX_COUNT],
    [VIEWERS_MAX_COUNT + 1, 0],
  ])('%d make %d posts when somebody types, who is answered as ever', async (looking, posts) => {
    let posted = 0;
    const typing = makeEphemeral(
      'typing',
      async ({ envelope: { uuid }, room, member: { user } }) => ({
        frame: {
          uuid,
          action: 'typing',
          status: 'success',
          room,
          user: { username: user },
          expires_in: 6,
        },
        to: () => true,
      }),
      {
        turns: { take: async () => ({ user: 'alice', features: [] }) },
        members: { member: async (_room, user) => ({ user, role: 'member' }) },
        viewers: viewersOf(looking),
        deliver: async (recipients) => {
          posted += recipients.length;
          return { posted: recipients.length, failed: 0, gone: [] };
        },
      },
    );
    const frame = { uuid: '1', action: 'typing', room: 'r' };
    expect(await typing(JSON.stringify(frame), 'c0')).toEqual({ ...frame, status: 'success' });
    expect(posted).toBe(posts);
  });
});
