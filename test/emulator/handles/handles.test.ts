import { expect, test } from 'vitest';

import { startSmallCloud } from '../faults/small-cloud.ts';
import { startCloud } from '../../../emulator/index.ts';

test('tables, queues, connections and invocations of a running cloud are at hand', async () => {
  const { connections, invocations, model, queue, ...cloud } = await startSmallCloud();
  const client = await cloud.open();
  await client.run([
    'dynamodb',
    'PutItem',
    { TableName: cloud.table, Item: { pk: { S: 'p' }, sk: { S: 'a' }, text: { S: 'x' } } },
  ]);
  await cloud.settled();
  expect(invocations('Follow')).toMatchObject([
    { outcome: 'returned', cold: true, logs: ['batch a=x'] },
  ]);
  const [record] = invocations('small-follow');
  expect(record?.eventBytes).toBeGreaterThan(100);
  expect(invocations().length).toBeGreaterThan(2);

  const letters = queue('Small/Letters');
  await letters.send('hello');
  expect(letters.messages()).toMatchObject([{ body: 'hello', receiveCount: 0 }]);

  expect(connections('Api').list()).toMatchObject([{ connectionId: client.connectionId }]);
  expect(connections().cut('nobody')).toBe(false);
  expect(connections().cut(client.connectionId)).toBe(true);
  expect(await client.closed).toBe(1006);
  expect(model.tables).toHaveLength(1);
});

test('a failed invocation tells why', async () => {
  const cloud = await startSmallCloud();
  const client = await cloud.open();
  cloud.faults.add({ fault: 'function-crash', where: { resource: 'Small/Act' } });
  await client.run(['now']);
  expect(cloud.invocations('Act').at(-1)).toMatchObject({
    outcome: 'failed',
    error: expect.stringMatching(/^Runtime\.ExitError: /) as string,
  });
});

test('a table is written and read in plain values, page by page', async () => {
  const { lambda, ...cloud } = await startSmallCloud();
  expect(lambda.invocations()).toEqual([]);
  const items = cloud.tableHandle;
  const large = 'x'.repeat(300_000);
  for (const sk of ['c', 'a', 'b', 'd', 'e']) await items.put({ pk: 'p', sk, text: large });
  await items.put({ pk: 'q', sk: 'a', n: 1 });
  await items.delete({ pk: 'p', sk: 'd' });
  expect((await items.query('p')).map(({ sk }) => sk)).toEqual(['a', 'b', 'c', 'e']);
  expect(await items.scan()).toHaveLength(5);
  expect(await items.get({ pk: 'q', sk: 'a' })).toEqual({ pk: 'q', sk: 'a', n: 1 });
  expect(await items.get({ pk: 'q', sk: 'z' })).toBeUndefined();
  await expect(items.get({ pk: 'q' })).rejects.toThrow(/^GetItem on Small\/Items/);
  await expect(items.query('p', 'None')).rejects.toThrow('has no index None');
});

test('without an assembly or an app there is nothing to start', async () => {
  await expect(startCloud({})).rejects.toThrow('startCloud needs an `assembly`');
});
