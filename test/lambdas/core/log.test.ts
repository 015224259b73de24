import { describe, expect, test } from 'vitest';

import { DynamoDbError } from '../../../lambdas/core/aws/dynamodb.ts';
import { type Entry, toEntry, toItem } from '../../../lambdas/core/entry.ts';
import { createLog } from '../../../lambdas/core/log.ts';
import { entryAt, entrySaying, erase } from './memory-log.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const taken = new DynamoDbError('ConditionalCheckFailedException', '', undefined);
const cancelled = new DynamoDbError(
  'TransactionCanceledException',
  'Transaction cancelled [ConditionalCheckFailed]',
  undefined,
);
const down = new DynamoDbError('InternalServerError', 'down', undefined);

const entries = (count: number) => Array.from({ length: count }, (_, index) => entryAt(index + 1));
const answers = (count: number) => Array.from({ length: count }, () => ({}));

function logOf(scripted: Parameters<typeof scriptedDynamoDb>[0]) {
  const db = scriptedDynamoDb(scripted);
  return { db, log: createLog({ db, table: 'Messages' }) };
}

interface Transaction {
  readonly TransactItems: readonly { readonly Put: object }[];
}
const itemsOf = (input: object | undefined) => (input as Transaction).TransactItems;

const put = (entry: Entry, condition = 'attribute_not_exists(seq)') => ({
  TableName: 'Messages',
  Item: toItem(entry),
  ConditionExpression: condition,
});

describe('[L1] appending', () => {
  test('puts up to four entries one after another, each where nothing is', async () => {
    const { db, log } = logOf({ PutItem: answers(4) });
    expect(await log.append(entries(4))).toBe('appended');
    expect(db.calls.map(({ input }) => input)).toEqual(entries(4).map((entry) => put(entry)));
  });

  test('puts more in transactions of a hundred', async () => {
    const { db, log } = logOf({ TransactWriteItems: answers(3) });
    expect(await log.append(entries(201))).toBe('appended');
    expect(db.calls.map(({ input }) => itemsOf(input).length)).toEqual([100, 100, 1]);
    expect(itemsOf(db.calls[0]?.input)[0]).toEqual({ Put: put(entryAt(1)) });
  });

  test('ends where something is: what is written has no gap', async () => {
    const { db, log } = logOf({ PutItem: [{}, taken] });
    expect(await log.append(entries(3))).toBe('taken');
    expect(db.calls).toHaveLength(2);
    expect(await logOf({ TransactWriteItems: [cancelled] }).log.append(entries(5))).toBe('taken');
  });

  test('of nothing writes nothing', async () => {
    const { db, log } = logOf({});
    expect(await log.append([])).toBe('appended');
    expect(db.calls).toEqual([]);
  });

  test('fails when DynamoDB does', async () => {
    await expect(logOf({ PutItem: [down] }).log.append(entries(1))).rejects.toThrow('down');
  });
});

describe('appending an entry with what it changes', () => {
  const edit = entrySaying(9, { kind: 'edit', target: 1, text: 'new' });
  const changed = [entryAt(1, { state: { edited: 9, edits: [9] } }), entryAt(2)];

  test('is one transaction: the entry where nothing is, the rows where they are', async () => {
    const { db, log } = logOf({ TransactWriteItems: [{}] });
    expect(await log.appendWith([edit], changed)).toBe('appended');
    expect(itemsOf(db.calls[0]?.input)).toEqual([
      { Put: put(edit) },
      ...changed.map((row) => ({ Put: put(row, 'attribute_exists(seq)') })),
    ]);
  });

  test('changes nothing when the number is taken', async () => {
    const { log } = logOf({ TransactWriteItems: [cancelled] });
    expect(await log.appendWith([edit], changed)).toBe('taken');
  });
});

describe('reading', () => {
  const page = (from: number, count: number, more = false) => ({
    Items: entries(from + count - 1)
      .slice(from - 1)
      .map(toItem),
    ...(more ? { LastEvaluatedKey: { room: { S: 'r' }, seq: { N: String(from) } } } : {}),
  });

  test('[H1] the tail begins with the newest, or below a number', async () => {
    const { db, log } = logOf({ Query: [page(1, 2), page(1, 2), page(1, 2)] });
    await log.tail('r', 2);
    await log.tail('r', 2, { before: 7 });
    await log.tail('r', 2, { consistent: false });
    expect(db.calls.map(({ input }) => input)).toMatchObject([
      { ScanIndexForward: false, Limit: 2, ConsistentRead: true },
      { ExpressionAttributeValues: { ':before': { N: '7' } }, ConsistentRead: true },
      { ConsistentRead: false },
    ]);
  });

  test('[H1] goes on over pages until it has as many as are asked for', async () => {
    const { db, log } = logOf({ Query: [page(1, 2, true), page(3, 0, true), page(3, 1, true)] });
    expect(await log.from('r', 1, 3)).toEqual(entries(3));
    expect(db.calls.map(({ input }) => (input as { Limit: number }).Limit)).toEqual([3, 1, 1]);
  });

  test('[H1] ends where the log does', async () => {
    const { log } = logOf({ Query: [page(1, 2)] });
    expect(await log.from('r', 1, 100)).toEqual(entries(2));
  });
});

describe('a row of the log', () => {
  test.each([
    ['a message', entryAt(1)],
    [
      'a message with all that can be said',
      entrySaying(1, {
        kind: 'message',
        text: '😀 "quoted"',
        reply_to: 1,
        mentions: ['bob'],
        meta: { deep: [null, 1.5] },
      }),
    ],
    [
      'a message with all that became of it',
      entryAt(1, {
        state: { edited: 3, edits: [2, 3], pinned: true, reactions: { '👍': ['ann', 'bob'] } },
      }),
    ],
    [
      'a reaction taken back',
      entrySaying(4, { kind: 'reaction', target: 1, emoji: '👍', remove: true }),
    ],
  ])('is the entry that was written: %s', (_what, entry) => {
    expect(toEntry(toItem(entry))).toEqual(entry);
  });

  test('[X2] whose words were erased has neither them nor their nonce', () => {
    const erased = erase(entryAt(1, { state: { deleted: 2 } }));
    const item = toItem(erased);
    expect(item).not.toHaveProperty('content');
    expect(item).not.toHaveProperty('nonce');
    expect(toEntry(item)).toEqual(erased);
  });
});
