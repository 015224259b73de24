import {
  BatchWriteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, test } from 'vitest';

import { openStream } from '../../../emulator/dynamodb/streams.ts';
import {
  openDatabase,
  REGION,
  roleThat,
  startTestEngine,
  streamed,
  tableResource,
} from './database.ts';

const S = (text: string) => ({ S: text });
const key = (sk: string) => ({ pk: S('room'), sk: S(sk) });
const users = tableResource('Users', {
  attributes: [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'S' },
    { name: 'mail', type: 'S' },
  ],
  globalIndexes: [
    {
      name: 'ByMail',
      keySchema: [{ name: 'mail', role: 'HASH' }],
      projection: { type: 'INCLUDE', attributes: ['name'] },
    },
  ],
});
const messages = streamed('Messages', 'NEW_IMAGE');

describe('DynamoDB', () => {
  test('stores and finds items for an SDK client', async () => {
    const { client } = await openDatabase([users]);
    const Item = { ...key('1'), mail: S('ann@example.org'), name: S('Ann'), age: { N: '7' } };
    const put = await client.send(new PutItemCommand({ TableName: 'Users', Item }));
    expect(put.ConsumedCapacity).toBeUndefined();
    expect(put.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const got = await client.send(new GetItemCommand({ TableName: users.arn, Key: key('1') }));
    expect(got.Item).toEqual(Item);
    const found = await client.send(
      new QueryCommand({
        TableName: 'Users',
        IndexName: 'ByMail',
        KeyConditionExpression: 'mail = :mail',
        ExpressionAttributeValues: { ':mail': S('ann@example.org') },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(found.Items).toEqual([{ ...key('1'), mail: S('ann@example.org'), name: S('Ann') }]);
    expect(found.ConsumedCapacity).toEqual({ TableName: 'Users', CapacityUnits: 0.5 });
  });

  test('[DOC q1] answers the item of a failed condition to those who ask, and only to them', async () => {
    const { client } = await openDatabase([users]);
    const Item = { ...key('1'), name: S('Ann') };
    await client.send(new PutItemCommand({ TableName: 'Users', Item }));
    const again = (ReturnValuesOnConditionCheckFailure?: 'ALL_OLD') =>
      client.send(
        new PutItemCommand({
          TableName: 'Users',
          Item: key('1'),
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure,
        }),
      );
    const name = 'ConditionalCheckFailedException';
    await expect(again('ALL_OLD')).rejects.toMatchObject({ name, Item });
    await expect(again()).rejects.toMatchObject({ name, Item: undefined });
  });

  test('tells of every table a request has written to, and of no other', async () => {
    const { client, written } = await openDatabase([users, messages]);
    const put = { PutRequest: { Item: key('1') } };
    await client.send(new PutItemCommand({ TableName: 'Users', Item: key('1') }));
    await client.send(new GetItemCommand({ TableName: 'Users', Key: key('1') }));
    expect(written).toEqual(['Users']);
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { Users: [put], Messages: [put] } }),
    );
    expect(written).toEqual(['Users', 'Users', 'Messages']);
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'Messages', Item: key('2') } },
          { Put: { TableName: 'Messages', Item: key('3') } },
          {
            ConditionCheck: {
              TableName: 'Users',
              Key: key('1'),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
        ],
      }),
    );
    expect(written.slice(3)).toEqual(['Messages']);
    const failed = client.send(
      new PutItemCommand({
        TableName: 'Users',
        Item: key('1'),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    await expect(failed).rejects.toThrow();
    expect(written).toHaveLength(4);
  });

  test('runs PartiQL for the administrator, metered and told by table', async () => {
    const { client, written, meter } = await openDatabase([users]);
    const run = (Statement: string) => client.send(new ExecuteStatementCommand({ Statement }));
    await run(`INSERT INTO Users VALUE {'pk': 'room', 'sk': '1'}`);
    const { Items } = await run(`SELECT * FROM Users WHERE pk = 'room' AND sk = '1'`);
    expect(Items).toEqual([key('1')]);
    expect(written).toEqual(['Users']);
    expect(meter.read()).toEqual({
      'dynamodb.calls': { [users.path]: 2 },
      'dynamodb.read': { [users.path]: 0.5 },
      'dynamodb.write': { [users.path]: 1 },
    });
  });

  test("describes tables in the model's region, account and stream", async () => {
    const { client } = await openDatabase([users, messages]);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Messages' }));
    expect(Table).toMatchObject({
      TableArn: messages.arn,
      LatestStreamArn: messages.streamArn,
      LatestStreamLabel: '2026-01-01T00:00:00.000',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
    const described = await client.send(new DescribeTableCommand({ TableName: 'Users' }));
    expect(described.Table?.GlobalSecondaryIndexes?.[0]?.IndexArn).toBe(
      `${users.arn}/index/ByMail`,
    );
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['Messages', 'Users']);
    const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: users.arn }));
    expect(tags.Tags).toEqual([]);
  });

  test('does not touch what looks like an ARN inside an item', async () => {
    const { client } = await openDatabase([users]);
    const Item = { ...key('1'), arn: S('arn:aws:dynamodb:dynoxide:000000000000:table/Users') };
    await client.send(new PutItemCommand({ TableName: 'Users', Item }));
    const got = await client.send(new GetItemCommand({ TableName: 'Users', Key: key('1') }));
    expect(got.Item).toEqual(Item);
  });

  test("passes the engine's errors on", async () => {
    const { client } = await openDatabase([users]);
    await expect(
      client.send(new PutItemCommand({ TableName: 'Nobody', Item: key('1') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const level = 'SOME' as 'TOTAL';
    await expect(
      client.send(
        new PutItemCommand({ TableName: 'Users', Item: key('1'), ReturnConsumedCapacity: level }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each([
    ['no operation', {}, '{}', 'UnknownOperationException'],
    [
      'an unknown operation',
      { 'x-amz-target': 'DynamoDB_20120810.Nothing' },
      '{}',
      'UnknownOperationException',
    ],
    [
      'a body that is no JSON',
      { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      'x',
      'SerializationException',
    ],
    [
      'a body that is no object',
      { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      '[]',
      'SerializationException',
    ],
  ] as const)('refuses %s', async (_what, headers, body, type) => {
    const { service } = await openDatabase([]);
    const answer = await service({
      method: 'POST',
      path: '/',
      headers,
      body: Buffer.from(body),
      principal: { kind: 'administrator' },
    });
    expect(answer.status).toBe(400);
    expect(String(answer.body)).toContain(type);
  });

  test('answers 500, which SDKs try again, while the engine is away', async () => {
    const { client, engine, logged } = await openDatabase([users]);
    await engine.close();
    await expect(
      client.send(new GetItemCommand({ TableName: 'Users', Key: key('1') })),
    ).rejects.toMatchObject({ name: 'InternalServerError', $fault: 'server' });
    expect(logged).toHaveLength(1);
  });
});

describe('IAM', () => {
  test('lets a function do what its role allows', async () => {
    const principal = roleThat(['dynamodb:PutItem'], [users.arn]);
    const { client } = await openDatabase([users], principal);
    await client.send(new PutItemCommand({ TableName: 'Users', Item: key('1') }));
  });

  test("refuses everything else in AWS's words, and names the grant", async () => {
    const principal = roleThat(['dynamodb:PutItem'], [users.arn]);
    const { client, logged, written } = await openDatabase([users, messages], principal);
    const refused = (action: string, resource: string) => ({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/Writer/writer is not authorized to perform: ' +
        `${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(
      client.send(new GetItemCommand({ TableName: 'Users', Key: key('1') })),
    ).rejects.toMatchObject(refused('dynamodb:GetItem', users.arn));
    await expect(
      client.send(new PutItemCommand({ TableName: 'Messages', Item: key('1') })),
    ).rejects.toMatchObject(refused('dynamodb:PutItem', messages.arn));
    expect(logged).toEqual([
      expect.stringMatching(
        /^writer: User: .*; missing: table\.grant\(fn, 'dynamodb:GetItem'\) or /,
      ),
      expect.stringMatching(
        /^writer: User: .*; missing: table\.grant\(fn, 'dynamodb:PutItem'\) or /,
      ),
    ]);
    expect(written).toEqual([]);
  });

  test('[DOC r5] wants the right for every element of a transaction, and of an index for itself', async () => {
    const principal = roleThat(['dynamodb:PutItem', 'dynamodb:Query'], [users.arn]);
    const { client } = await openDatabase([users], principal);
    const put = { Put: { TableName: 'Users', Item: key('1') } };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put] }));
    const remove = { Delete: { TableName: 'Users', Key: key('2') } };
    await expect(
      client.send(new TransactWriteItemsCommand({ TransactItems: [put, remove] })),
    ).rejects.toThrow('dynamodb:DeleteItem');
    await expect(
      client.send(new QueryCommand({ TableName: 'Users', IndexName: 'ByMail' })),
    ).rejects.toThrow(`dynamodb:Query on resource: ${users.arn}/index/ByMail`);
  });

  test('does not let a function speak PartiQL', async () => {
    const { client } = await openDatabase([users], roleThat(['dynamodb:*'], ['*']));
    await expect(
      client.send(new ExecuteStatementCommand({ Statement: 'SELECT * FROM Users' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('DynamoDB Streams', () => {
  test('shows the records that an event source mapping gets', async () => {
    const { client, streams, engine, meter } = await openDatabase([messages]);
    for (const sk of ['1', '2', '2']) {
      await client.send(new PutItemCommand({ TableName: 'Messages', Item: key(sk) }));
    }
    const { Streams } = await streams.send(new ListStreamsCommand({}));
    expect(Streams).toEqual([
      {
        StreamArn: messages.streamArn,
        StreamLabel: '2026-01-01T00:00:00.000',
        TableName: 'Messages',
      },
    ]);
    const StreamArn = messages.streamArn;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription).toMatchObject({
      StreamArn,
      StreamViewType: 'NEW_IMAGE',
      KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
      Shards: [
        { SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{21}$/) } },
      ],
    });
    const [shard] = StreamDescription?.Shards ?? [];
    expect(shard?.SequenceNumberRange).not.toHaveProperty('EndingSequenceNumber');
    const ShardId = shard?.ShardId;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    expect(ShardIterator?.startsWith(`${StreamArn}|1|`)).toBe(true);
    const { Records, NextShardIterator } = await streams.send(
      new GetRecordsCommand({ ShardIterator }),
    );
    const mapped = await openStream(engine, messages, REGION).read(
      String(ShardId),
      'TRIM_HORIZON',
      10,
    );
    expect(mapped.records).toHaveLength(2);
    expect(Records).toEqual(
      mapped.records.map((record) => ({
        ...record,
        // Only events of Lambda have it.
        eventSourceARN: undefined,
        dynamodb: {
          ...record.dynamodb,
          ApproximateCreationDateTime: new Date(record.dynamodb.ApproximateCreationDateTime * 1000),
        },
      })),
    );
    const next = await streams.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }));
    expect(next.Records).toEqual([]);

    const [first] = Records ?? [];
    const after = await streams.send(
      new GetShardIteratorCommand({
        StreamArn,
        ShardId,
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        SequenceNumber: first?.dynamodb?.SequenceNumber,
      }),
    );
    const rest = await streams.send(new GetRecordsCommand({ ShardIterator: after.ShardIterator }));
    expect(rest.Records?.map(({ dynamodb }) => dynamodb?.Keys)).toEqual([key('2')]);
    // Three calls of GetRecords; what the emulator itself read is free, as it is for Lambda.
    expect(meter.read()['dynamodb.streamReads']).toEqual({ [messages.path]: 3 });
  });

  test('asks IAM for the stream', async () => {
    const StreamArn = String(messages.streamArn);
    const principal = roleThat(['dynamodb:DescribeStream'], [StreamArn]);
    const { streams } = await openDatabase([messages], principal);
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription?.StreamArn).toBe(StreamArn);
    const records = streams.send(new GetRecordsCommand({ ShardIterator: `${StreamArn}|1|x` }));
    await expect(records).rejects.toThrow(`dynamodb:GetRecords on resource: ${StreamArn}`);
  });

  test('knows no stream of a table that is gone', async () => {
    const engine = await startTestEngine([messages]);
    const { client, streams } = await openDatabase([messages], undefined, engine);
    await client.send(new DeleteTableCommand({ TableName: 'Messages' }));
    await expect(
      streams.send(new DescribeStreamCommand({ StreamArn: messages.streamArn })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
