import { describe, expect, test } from 'vitest';

import { DynamoDbError } from '../../../lambdas/core/aws/dynamodb.ts';
import { createEraser } from '../../../lambdas/core/eraser.ts';
import { entryAt, entrySaying, erase, memoryLog } from './memory-log.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

/** A message of ann's, two edits, one of them a moderator's, a reaction, and its delete. */
const message = erase(entryAt(1, { state: { edited: 3, deleted: 5, edits: [2, 3] } }));
const edits = [
  erase(entrySaying(2, { kind: 'edit', target: 1, text: 'x' })),
  erase(entrySaying(3, { kind: 'edit', target: 1, text: 'y' }, { user: 'mod' })),
];
const reaction = entrySaying(4, { kind: 'reaction', target: 1, emoji: '👍' }, { user: 'bob' });
const deletion = entrySaying(5, { kind: 'delete', target: 1 }, { user: 'mod' });

const erasedAlready = new DynamoDbError(
  'ConditionalCheckFailedException',
  'The conditional request failed',
  undefined,
);

function eraser(...answers: object[]) {
  const db = scriptedDynamoDb({ UpdateItem: answers });
  const log = memoryLog([message, ...edits, reaction, deletion, entryAt(6)]);
  const keys = () => db.calls.map(({ input }) => (input as { Key: { entry: object } }).Key.entry);
  return { db, log, keys, run: createEraser({ db, inboxTable: 'Inbox', log }) };
}

describe('[X2] a delete', () => {
  test('erases from the Inbox what the message and all its edits said, whoever edited', async () => {
    const { run, keys } = eraser({}, {}, {});
    expect(await run(deletion)).toBe(3);
    expect(keys()).toEqual([{ S: 'ann#u1' }, { S: 'ann#u2' }, { S: 'mod#u3' }]);
  });

  test('keeps the rows themselves, so that their uuids stay taken, and marks them', async () => {
    const { run, db } = eraser({}, {}, {});
    await run(deletion);
    expect(db.calls[0]).toEqual({
      operation: 'UpdateItem',
      input: {
        TableName: 'Inbox',
        Key: { room: { S: 'r' }, entry: { S: 'ann#u1' } },
        UpdateExpression: 'REMOVE content, nonce SET erased = :true',
        ConditionExpression: 'attribute_exists(content)',
        ExpressionAttributeValues: { ':true': { BOOL: true } },
      },
    });
  });

  test('that comes again finds all of it erased, or expired, and is done', async () => {
    const { run } = eraser(erasedAlready, erasedAlready, erasedAlready);
    expect(await run(deletion)).toBe(0);
  });

  test('that came to a half goes on with the rest', async () => {
    const { run } = eraser(erasedAlready, {}, {});
    expect(await run(deletion)).toBe(2);
  });

  test('fails when DynamoDB does, so that it comes again', async () => {
    const { run } = eraser({}, new DynamoDbError('InternalServerError', 'down', undefined), {});
    await expect(run(deletion)).rejects.toThrow('down');
  });

  test.each([7, 99])('of %d, which is no entry, erases nothing', async (target) => {
    const { run, db } = eraser();
    expect(await run(entrySaying(7, { kind: 'delete', target }))).toBe(0);
    expect(db.calls).toEqual([]);
  });
});

describe('an edit', () => {
  test('[X2] that came after its message was deleted is erased itself', async () => {
    const { run, keys } = eraser({});
    expect(await run(erase(entrySaying(6, { kind: 'edit', target: 1, text: 'z' })))).toBe(1);
    expect(keys()).toEqual([{ S: 'ann#u6' }]);
  });

  test('[X1] of a message that is there stays', async () => {
    const { run, db } = eraser();
    expect(await run(entrySaying(6, { kind: 'edit', target: 1, text: 'z' }))).toBe(0);
    expect(db.calls).toEqual([]);
  });
});

test.each([entryAt(6), reaction, entrySaying(6, { kind: 'pin', target: 1, pinned: true })])(
  'an entry that takes nothing back erases nothing: $kind',
  async (entry) => {
    const { run, db, log } = eraser();
    expect(await run(entry)).toBe(0);
    expect(db.calls).toEqual([]);
    expect(log.reads.count).toBe(0);
  },
);

// A row that a backend wrote may claim so. What the log still says must stay in the Inbox, too.
test('a delete that took nothing out of the log erases nothing', async () => {
  const { run, db } = eraser();
  expect(await run(entrySaying(7, { kind: 'delete', target: 4 }))).toBe(0);
  expect(db.calls).toEqual([]);
});
