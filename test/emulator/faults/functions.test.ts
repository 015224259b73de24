import { describe, expect, test } from 'vitest';

import { startSmallCloud } from './small-cloud.ts';

/** Functions that go wrong, in real sandboxes, seen by their callers and by what they left behind. */
const put = (table: string, sk: string) =>
  [
    'dynamodb',
    'PutItem',
    { TableName: table, Item: { pk: { S: 'p' }, sk: { S: sk }, text: { S: sk } } },
  ] as const;

describe('a sandbox dies', () => {
  test.each([
    ['function-crash', 'Runtime.ExitError'],
    ['function-timeout', 'Sandbox.Timedout'],
    ['function-out-of-memory', 'Runtime.OutOfMemory'],
  ] as const)('before its work: %s', async (fault, errorType) => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    cloud.faults.add({ fault, where: { resource: 'small-act' }, when: { first: 1 } });
    const answer = await client.run(put(cloud.table, 'a'));
    expect(answer).toMatchObject({ message: 'Internal server error' });
    expect(cloud.said('small-act').join('\n')).toContain(errorType);
    expect(await cloud.get('a')).toBeUndefined();
    expect(await client.run(put(cloud.table, 'a'))).toMatchObject({ results: ['ok'] });
  });

  test.each(['function-crash', 'function-timeout', 'function-out-of-memory'] as const)(
    'in the middle, when its n-th call has taken effect: %s',
    async (fault) => {
      const cloud = await startSmallCloud();
      const client = await cloud.open();
      const where = { resource: 'Small/Act' };
      cloud.faults.add({
        fault,
        where,
        moment: 'middle',
        calls: 2,
        service: 'dynamodb',
        when: { first: 1 },
      });
      const send = ['sqs', 'SendMessage', { QueueUrl: cloud.queueUrl, MessageBody: 'x' }] as const;
      const steps = [put(cloud.table, 'a'), send, put(cloud.table, 'b'), put(cloud.table, 'c')];
      expect(await client.run(...steps)).toMatchObject({ message: 'Internal server error' });
      expect([await cloud.get('a'), await cloud.get('b'), await cloud.get('c')]).toEqual([
        'a',
        'b',
        undefined,
      ]);
      expect(cloud.faults.fired()).toHaveLength(1);
    },
  );

  test('in the middle only if it gets there, and says so by not being in the record', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    cloud.faults.add({ fault: 'function-crash', moment: 'middle', calls: 3 });
    const answer = await client.run(put(cloud.table, 'a'), put(cloud.table, 'b'));
    expect(answer).toMatchObject({ results: ['ok', 'ok'] });
    expect(cloud.faults.fired()).toEqual([]);
    expect(cloud.faults.idle()).toEqual(['function-crash#1']);
  });

  test('after its work, which nobody hears of', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    cloud.faults.add({ fault: 'function-crash', moment: 'after', when: { first: 1 } });
    const answer = await client.run(put(cloud.table, 'a'));
    expect(answer).toMatchObject({ message: 'Internal server error' });
    expect(await cloud.get('a')).toBe('a');
  });

  test('of a stream’s batch, which comes again', async () => {
    const cloud = await startSmallCloud({
      faults: {
        rules: [
          {
            fault: 'function-crash',
            moment: 'after',
            where: { resource: 'small-follow' },
            when: { first: 2 },
          },
        ],
      },
    });
    await cloud.put('a');
    await cloud.settled();
    expect(cloud.batches()).toEqual([['a=a'], ['a=a'], ['a=a']]);
  });
});

test('an invocation is throttled', async () => {
  const cloud = await startSmallCloud();
  const client = await cloud.open();
  cloud.faults.add({ fault: 'function-throttled', when: { first: 1 } });
  expect(await client.run(['now'])).toMatchObject({ message: 'Internal server error' });
  expect(await client.run(['now'])).toMatchObject({ results: [expect.any(Number)] });
});

test('a start is cold though a sandbox was there', async () => {
  const cloud = await startSmallCloud();
  const client = await cloud.open();
  const colds = () => cloud.lambda.invocations().filter(({ cold }) => cold).length;
  const before = colds();
  await client.run(['now']);
  expect(colds()).toBe(before);
  cloud.faults.add({ fault: 'function-cold', when: { nth: 2 } });
  await client.run(['now']);
  await client.run(['now']);
  await client.run(['now']);
  expect(colds()).toBe(before + 1);
});

describe('a skewed clock', () => {
  test.each([-240_000, 240_000])(
    'is off by %i ms in the sandbox, and its deadline is not',
    async (ms) => {
      const cloud = await startSmallCloud({
        faults: { rules: [{ fault: 'clock-skew', ms, where: { resource: 'small-act' } }] },
      });
      const client = await cloud.open();
      const answer = await client.run(['now'], ['remaining'], put(cloud.table, 'a'));
      const [now, remaining, written] = answer['results'] as [number, number, string];
      expect(Math.abs(now - Date.now() - ms)).toBeLessThan(10_000);
      expect(remaining).toBeGreaterThan(0);
      expect(remaining).toBeLessThanOrEqual(10_000);
      expect(written).toBe('ok');
    },
  );
});
