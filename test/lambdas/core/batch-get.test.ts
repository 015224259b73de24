import { expect, test } from 'vitest';

import { createBatchGet } from '../../../lambdas/core/batch-get.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const keys = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: { S: String(index) } }));

test('asks for at most 100 rows at once', async () => {
  const db = scriptedDynamoDb({ BatchGetItem: [{}, {}, {}] });
  await createBatchGet({ db, table: 'T' })(keys(201), { consistent: true });
  const asked = db.calls.map(({ input }) => input);
  expect(asked).toEqual([
    { RequestItems: { T: { Keys: keys(201).slice(0, 100), ConsistentRead: true } } },
    { RequestItems: { T: { Keys: keys(201).slice(100, 200), ConsistentRead: true } } },
    { RequestItems: { T: { Keys: keys(201).slice(200), ConsistentRead: true } } },
  ]);
});

test('asks for nothing when there is nothing to ask for', async () => {
  const db = scriptedDynamoDb({});
  expect(await createBatchGet({ db, table: 'T' })([])).toEqual([]);
  expect(db.calls).toEqual([]);
});

test('asks again for what a busy table has left out', async () => {
  const [one, two] = keys(2);
  const db = scriptedDynamoDb({
    BatchGetItem: [
      { Responses: { T: [one] }, UnprocessedKeys: { T: { Keys: [two] } } },
      { Responses: { T: [two] } },
    ],
  });
  expect(await createBatchGet({ db, table: 'T' })(keys(2))).toEqual([one, two]);
  expect(db.calls[1]?.input).toEqual({
    RequestItems: { T: { Keys: [two], ConsistentRead: false } },
  });
});
