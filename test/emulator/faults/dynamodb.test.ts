import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { type SmallCloud, startSmallCloud } from './small-cloud.ts';

/** Calls of DynamoDB and SQS that go wrong, on the real engine, as the caller sees them. */
const DYNAMODB = 'DynamoDB_20120810.';

const item = (sk: string, text = sk) => ({ pk: { S: 'p' }, sk: { S: sk }, text: { S: text } });
const key = (sk: string) => ({ pk: { S: 'p' }, sk: { S: sk } });

describe('a call', () => {
  test.each(['ProvisionedThroughputExceededException', 'ThrottlingException'] as const)(
    'is throttled: %s',
    async (error) => {
      const cloud = await startSmallCloud();
      cloud.faults.add({
        fault: 'dynamodb-throttled',
        error,
        where: { operation: 'Put*' },
        when: { first: 1 },
      });
      expect(await cloud.put('a')).toMatchObject({ status: 400, body: { __type: error } });
      expect(await cloud.get('a')).toBeUndefined();
      expect((await cloud.put('a')).status).toBe(200);
    },
  );

  test.each([
    [false, undefined],
    [true, 'a'],
  ])('fails with 500, its write applied: %s', async (applied, text) => {
    const cloud = await startSmallCloud();
    cloud.faults.add({ fault: 'dynamodb-failed', applied, when: { first: 1 } });
    const answer = await cloud.put('a');
    expect(answer).toMatchObject({ status: 500, body: { __type: 'InternalServerError' } });
    expect(await cloud.get('a', { ConsistentRead: true })).toBe(text);
  });

  test('is slow by the cloud’s clock', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({ clock });
    cloud.faults.add({ fault: 'dynamodb-slow', ms: 2_000, when: { first: 1 } });
    const writing = cloud.put('a');
    while (cloud.faults.fired().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await cloud.get('a')).toBeUndefined();
    clock.advance(2_000);
    expect((await writing).status).toBe(200);
  });

  test('fails for the function that the rule names, and for nobody else', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    const where = { function: 'Small/Act', resource: cloud.table };
    cloud.faults.add({ fault: 'dynamodb-throttled', where });
    expect((await cloud.put('a')).status).toBe(200);
    const step = ['dynamodb', 'GetItem', { TableName: cloud.table, Key: key('a') }] as const;
    expect(await client.run(step)).toMatchObject({
      results: ['ProvisionedThroughputExceededException'],
    });
    expect(cloud.faults.fired()).toMatchObject([
      { operation: 'GetItem', function: 'Small/Act/Resource', resource: 'Small/Items/Resource' },
    ]);
  });
});

describe('a batch is half done', () => {
  const write = (cloud: SmallCloud, names: readonly string[]) =>
    cloud.call(`${DYNAMODB}BatchWriteItem`, {
      RequestItems: {
        [cloud.table]: names.map((name) => ({ PutRequest: { Item: item(name) } })),
      },
    });

  test('and the unprocessed writes can be sent as they come back', async () => {
    const cloud = await startSmallCloud();
    cloud.faults.add({ fault: 'dynamodb-unprocessed', when: { first: 1 } });
    const { status, body } = await write(cloud, ['a', 'b', 'c']);
    expect(status).toBe(200);
    expect(body['UnprocessedItems']).toEqual({
      [cloud.table]: ['b', 'c'].map((name) => ({ PutRequest: { Item: item(name) } })),
    });
    expect([await cloud.get('a'), await cloud.get('b')]).toEqual(['a', undefined]);
    const again = await cloud.call(`${DYNAMODB}BatchWriteItem`, {
      RequestItems: body['UnprocessedItems'],
    });
    expect(again.status).toBe(200);
    expect(await cloud.get('c')).toBe('c');
  });

  test('and the unprocessed keys keep how they are to be read', async () => {
    const cloud = await startSmallCloud();
    await write(cloud, ['a', 'b']);
    cloud.faults.add({ fault: 'dynamodb-unprocessed' });
    const { body } = await cloud.call(`${DYNAMODB}BatchGetItem`, {
      RequestItems: { [cloud.table]: { Keys: [key('a'), key('b')], ConsistentRead: true } },
    });
    expect(body).toMatchObject({
      Responses: { [cloud.table]: [item('a')] },
      UnprocessedKeys: { [cloud.table]: { Keys: [key('b')], ConsistentRead: true } },
    });
  });

  test('[DOC m6] of one, nothing is done, which is throttling', async () => {
    const cloud = await startSmallCloud();
    cloud.faults.add({ fault: 'dynamodb-unprocessed' });
    expect((await write(cloud, ['a'])).body.__type).toBe('ProvisionedThroughputExceededException');
  });
});

describe('a conflict', () => {
  test('cancels a transaction, with a reason for each of its items', async () => {
    const cloud = await startSmallCloud();
    cloud.faults.add({ fault: 'dynamodb-conflict' });
    const puts = ['a', 'b'].map((name) => ({ Put: { TableName: cloud.table, Item: item(name) } }));
    const { body } = await cloud.call(`${DYNAMODB}TransactWriteItems`, { TransactItems: puts });
    expect(body).toMatchObject({
      __type: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
    expect((await cloud.put('c')).body.__type).toBe('TransactionConflictException');
    expect([await cloud.get('a'), await cloud.get('c')]).toEqual([undefined, undefined]);
  });
});

describe('an eventually consistent read is behind', () => {
  const stale = { fault: 'dynamodb-stale' } as const;
  const query = async (cloud: SmallCloud, reading: object = {}) => {
    const { body } = await cloud.call(`${DYNAMODB}Query`, {
      TableName: cloud.table,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
      ...reading,
    });
    return (body['Items'] as { text: { S: string } }[]).map(({ text }) => text.S);
  };

  test('GetItem shows the older version, or none, and a strong one does not', async () => {
    const cloud = await startSmallCloud({ faults: { rules: [stale] } });
    await cloud.put('a', '1');
    expect(await cloud.get('a')).toBeUndefined();
    await cloud.put('a', '2');
    await cloud.call(`${DYNAMODB}DeleteItem`, { TableName: cloud.table, Key: key('a') });
    expect(await cloud.get('a', { ConsistentRead: true })).toBeUndefined();
  });

  test('for as long as the rule says, by the cloud’s clock', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({ clock });
    await cloud.put('a', '1');
    cloud.faults.add({ ...stale, ms: 500 });
    // What was written before the rule has no history.
    expect(await cloud.get('a')).toBe('1');
    await cloud.put('a', '2');
    expect(await cloud.get('a')).toBe('1');
    clock.advance(501);
    expect(await cloud.get('a')).toBe('2');
    expect(cloud.faults.fired()).toHaveLength(1);
  });

  test('a deleted item is there still, with the attributes that were asked for', async () => {
    const cloud = await startSmallCloud();
    await cloud.put('a', '1');
    cloud.faults.add(stale);
    await cloud.call(`${DYNAMODB}DeleteItem`, { TableName: cloud.table, Key: key('a') });
    const { body } = await cloud.call(`${DYNAMODB}GetItem`, {
      TableName: cloud.table,
      Key: key('a'),
      ProjectionExpression: '#t',
      ExpressionAttributeNames: { '#t': 'text' },
    });
    expect(body['Item']).toEqual({ text: { S: '1' } });
  });

  test('Query and Scan show changed items as they were and new ones not at all', async () => {
    const cloud = await startSmallCloud();
    await cloud.put('a', 'a1');
    await cloud.put('b', 'b1');
    cloud.faults.add(stale);
    await cloud.call(`${DYNAMODB}TransactWriteItems`, {
      TransactItems: [
        { Put: { TableName: cloud.table, Item: item('a', 'a2') } },
        { Put: { TableName: cloud.table, Item: item('c', 'c1') } },
      ],
    });
    expect(await query(cloud)).toEqual(['a1', 'b1']);
    expect(await query(cloud, { ConsistentRead: true })).toEqual(['a2', 'b1', 'c1']);
    const { body } = await cloud.call(`${DYNAMODB}Scan`, { TableName: cloud.table });
    expect(body['Count']).toBe(2);
  });

  test('BatchGetItem shows each item as it was', async () => {
    const cloud = await startSmallCloud();
    for (const name of ['a', 'b', 'd']) await cloud.put(name, `${name}1`);
    cloud.faults.add(stale);
    await cloud.call(`${DYNAMODB}BatchWriteItem`, {
      RequestItems: {
        [cloud.table]: [
          { PutRequest: { Item: item('a', 'a2') } },
          { PutRequest: { Item: item('c', 'c1') } },
          { DeleteRequest: { Key: key('d') } },
        ],
      },
    });
    const { body } = await cloud.call(`${DYNAMODB}BatchGetItem`, {
      RequestItems: { [cloud.table]: { Keys: ['a', 'b', 'c', 'd'].map(key) } },
    });
    const found = (body['Responses'] as Record<string, { text: { S: string } }[]>)[cloud.table];
    expect(found?.map(({ text }) => text.S).toSorted()).toEqual(['a1', 'b1', 'd1']);
  });

  test('only a read that would differ is an occurrence', async () => {
    const cloud = await startSmallCloud({ faults: { rules: [{ ...stale, when: { nth: 2 } }] } });
    await cloud.put('a', '1');
    await cloud.get('nothing');
    expect(await cloud.get('a')).toBe('1');
    expect(await cloud.get('a')).toBeUndefined();
    expect(await cloud.get('a')).toBe('1');
  });
});

describe('a send to a queue fails', () => {
  test.each([
    [false, 0],
    [true, 1],
  ])('its message sent: %s', async (applied, sent) => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    const where = { resource: 'Small/Letters', function: 'small-act' };
    cloud.faults.add({ fault: 'sqs-failed', applied, where });
    const step = ['sqs', 'SendMessage', { QueueUrl: cloud.queueUrl, MessageBody: 'x' }] as const;
    const { results } = await client.run(step);
    expect(results).not.toEqual(['ok']);
    expect(cloud.queues.messages(cloud.queueUrl.split('/').at(-1) ?? '')).toHaveLength(sent);
  });

  test('AWS’s own of a failure record, which is dropped', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({
      clock,
      faults: {
        rules: [
          { fault: 'function-crash', where: { resource: 'small-follow' } },
          { fault: 'sqs-failed' },
        ],
      },
    });
    await cloud.put('a');
    while (!cloud.faults.fired().some(({ fault }) => fault === 'sqs-failed')) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
    await cloud.settled();
    expect(cloud.queues.messages(cloud.queueUrl.split('/').at(-1) ?? '')).toEqual([]);
    expect(cloud.batches()).toEqual([]);
  });
});
