import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, onTestFinished, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import {
  createEndpoint,
  demand,
  DYNAMODB,
  type Endpoint,
  type Json,
} from '../../../emulator/dynamodb/client.ts';
import { openStream } from '../../../emulator/dynamodb/streams.ts';
import type { TableResource } from '../../../emulator/model.ts';
import { REGION, startTestEngine, streamed, tableResource } from './database.ts';

const writes = (engine: Endpoint, TableName: string) => ({
  put: (sk: string, rest: Json = {}) =>
    demand(engine, `${DYNAMODB}PutItem`, {
      TableName,
      Item: { pk: { S: 'room' }, sk: { S: sk }, ...rest },
    }),
  remove: (sk: string) =>
    demand(engine, `${DYNAMODB}DeleteItem`, {
      TableName,
      Key: { pk: { S: 'room' }, sk: { S: sk } },
    }),
});

async function open(table: TableResource) {
  const engine = await startTestEngine([table]);
  const stream = openStream(engine, table, REGION);
  const [shard] = await stream.shards();
  return { ...writes(engine, table.name), engine, stream, shardId: String(shard?.shardId) };
}

describe('the stream of a table in the embedded engine', () => {
  test('[REC f3] gives records as Lambda events have them', async () => {
    const table = streamed('Messages', 'NEW_IMAGE');
    const { put, stream, shardId } = await open(table);
    await put('1', { data: { B: 'AAEC' } });
    const { records } = await stream.read(shardId, 'TRIM_HORIZON', 10);
    const keys = { pk: { S: 'room' }, sk: { S: '1' } };
    expect(records).toEqual([
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: REGION,
        dynamodb: {
          ApproximateCreationDateTime: expect.any(Number),
          Keys: keys,
          NewImage: { ...keys, data: { B: 'AAEC' } },
          SequenceNumber: expect.stringMatching(/^\d{21}$/),
          SizeBytes: 9 + 9 + 7,
          StreamViewType: 'NEW_IMAGE',
        },
        eventSourceARN: table.streamArn,
      },
    ]);
    const age = Date.now() / 1000 - Number(records[0]?.dynamodb.ApproximateCreationDateTime);
    expect(Math.abs(age)).toBeLessThan(60);
  });

  test('gives the changes of an item in order, page by page', async () => {
    const { put, remove, stream, shardId } = await open(streamed('Messages'));
    for (let index = 0; index < 12; index += 1) await put('1', { n: { N: String(index) } });
    await remove('1');
    const first = await stream.read(shardId, 'TRIM_HORIZON', 10);
    expect(first).toMatchObject({ ended: false, last: expect.any(String) });
    const second = await stream.read(shardId, { sequenceNumber: String(first.last) }, 10);
    const all = [...first.records, ...second.records];
    expect(all.map(({ eventName }) => eventName)).toEqual([
      'INSERT',
      ...Array.from({ length: 11 }, () => 'MODIFY'),
      'REMOVE',
    ]);
    const numbers = all.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers.toSorted()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(13);
    const third = await stream.read(shardId, { sequenceNumber: String(second.last) }, 10);
    expect(third).toEqual({ records: [], ended: false });
  });

  test('reads the same again from the same place, by another reader too', async () => {
    const table = streamed('Messages');
    const { put, stream, shardId, engine } = await open(table);
    for (const sk of ['1', '2', '3']) await put(sk);
    const once = await stream.read(shardId, 'TRIM_HORIZON', 10);
    const [first] = once.records;
    const after = { sequenceNumber: String(first?.dynamodb.SequenceNumber) };
    const again = await stream.read(shardId, after, 10);
    expect(again.records).toEqual(once.records.slice(1));
    const other = await openStream(engine, table, REGION).read(shardId, 'TRIM_HORIZON', 10);
    expect(other.records).toEqual(once.records);
  });

  test('[DOC f1] a write that changes nothing gives no record, but is passed', async () => {
    const { put, stream, shardId } = await open(streamed('Messages', 'KEYS_ONLY'));
    const tags = { tags: { SS: ['a', 'b', 'c', 'd', 'e'] }, m: { M: { x: { N: '1' } } } };
    await put('1', tags);
    const { last } = await stream.read(shardId, 'TRIM_HORIZON', 10);
    await put('1', { ...tags, tags: { SS: ['e', 'd', 'c', 'b', 'a'] } });
    const page = await stream.read(shardId, { sequenceNumber: String(last) }, 10);
    expect(page.records).toEqual([]);
    expect(BigInt(String(page.last))).toBeGreaterThan(BigInt(String(last)));
  });

  test('knows the newest number of a shard', async () => {
    const { put, stream, shardId } = await open(streamed('Messages'));
    expect(await stream.newest(shardId)).toBeUndefined();
    for (let index = 0; index < 12; index += 1) await put(String(index));
    const { last } = await stream.read(shardId, 'TRIM_HORIZON', 100);
    expect(await stream.newest(shardId)).toBe(last);
  });

  test("tells a record's time by the emulator's clock", async () => {
    const table = streamed('Messages');
    const { put, engine, shardId } = await open(table);
    await put('1');
    const clock = manualClock();
    const stream = openStream(engine, table, REGION, clock);
    const { records } = await stream.read(shardId, 'TRIM_HORIZON', 1);
    const age = clock.now() / 1000 - Number(records[0]?.dynamodb.ApproximateCreationDateTime);
    expect(Math.abs(age)).toBeLessThan(60);
  });

  test('refuses a table that has no stream', async () => {
    const engine = await startTestEngine([]);
    expect(() => openStream(engine, tableResource('Users'), REGION)).toThrow('App/Users/Resource');
  });
});

/** An engine that answers what a test says and remembers what it was asked. */
async function scriptedEngine(answers: Record<string, (input: Json) => Json | string>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(operation);
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Json;
      const answer = answers[operation]?.(input) ?? 'UnknownOperationException';
      if (typeof answer === 'string') {
        response.writeHead(400).end(JSON.stringify({ __type: `x#${answer}`, message: answer }));
      } else response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const engine = createEndpoint(`http://127.0.0.1:${port}`);
  onTestFinished(() => {
    engine.agent.destroy();
    server.close();
  });
  return { engine, asked };
}

const describeTable = () => ({ Table: { LatestStreamArn: 'arn:there' } });

const engineRecord = (SequenceNumber: string) => ({
  eventName: 'INSERT',
  dynamodb: { ApproximateCreationDateTime: 1, Keys: { pk: { S: '' } }, SequenceNumber },
});

describe('the stream of another engine', () => {
  test('has shards with parents, listed page by page', async () => {
    const { engine } = await scriptedEngine({
      DescribeTable: describeTable,
      DescribeStream: ({ StreamArn, ExclusiveStartShardId: from }) => ({
        StreamDescription: {
          StreamArn,
          Shards: [from === 'a' ? { ShardId: 'b', ParentShardId: 'a' } : { ShardId: 'a' }],
          ...(from === 'a' ? {} : { LastEvaluatedShardId: 'a' }),
        },
      }),
    });
    expect(await openStream(engine, streamed('Messages'), REGION).shards()).toEqual([
      { shardId: 'a' },
      { shardId: 'b', parentShardId: 'a' },
    ]);
  });

  test('is followed past empty pages by its own iterators, to the end of a closed shard', async () => {
    const pages: Record<string, Json> = {
      start: { Records: [], NextShardIterator: 'one' },
      one: { Records: [], NextShardIterator: 'two' },
      two: { Records: [engineRecord('41'), engineRecord('42')] },
    };
    const { engine, asked } = await scriptedEngine({
      DescribeTable: describeTable,
      GetShardIterator: () => ({ ShardIterator: 'start' }),
      GetRecords: ({ ShardIterator }) => pages[String(ShardIterator)] ?? 'ExpiredIteratorException',
    });
    const stream = openStream(engine, streamed('Messages'), REGION);
    for (const _ of ['start', 'one']) {
      const page = await stream.read('a', 'TRIM_HORIZON', 10);
      expect(page).toEqual({ records: [], ended: false });
    }
    const page = await stream.read('a', 'TRIM_HORIZON', 10);
    expect(page).toMatchObject({ ended: true, last: '42'.padStart(21, '0') });
    expect(page.records).toHaveLength(2);
    expect(asked.filter((operation) => operation === 'GetShardIterator')).toHaveLength(1);
  });

  test('is read from its oldest record when the place to go on has been trimmed', async () => {
    const { engine } = await scriptedEngine({
      DescribeTable: describeTable,
      GetShardIterator: ({ ShardIteratorType: type }) =>
        type === 'TRIM_HORIZON' ? { ShardIterator: 'oldest' } : 'TrimmedDataAccessException',
      GetRecords: ({ ShardIterator }) => ({
        Records: ShardIterator === 'oldest' ? [engineRecord('9')] : [],
        NextShardIterator: 'next',
      }),
    });
    const stream = openStream(engine, streamed('Messages'), REGION);
    const page = await stream.read('a', { sequenceNumber: '1'.padStart(21, '0') }, 10);
    expect(page.records).toHaveLength(1);
  });

  test('asks for a new iterator after one has expired', async () => {
    let issued = 0;
    const { engine } = await scriptedEngine({
      DescribeTable: describeTable,
      GetShardIterator: () => ({ ShardIterator: `iterator ${(issued += 1)}` }),
      GetRecords: ({ ShardIterator }) =>
        ShardIterator === 'old'
          ? 'ExpiredIteratorException'
          : { Records: [], NextShardIterator: 'old' },
    });
    const stream = openStream(engine, streamed('Messages'), REGION);
    await stream.read('a', 'TRIM_HORIZON', 10);
    await expect(stream.read('a', 'TRIM_HORIZON', 10)).rejects.toThrow('ExpiredIteratorException');
    await stream.read('a', 'TRIM_HORIZON', 10);
    expect(issued).toBe(2);
  });
});
