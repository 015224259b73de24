/**
 * The engine's stream, once `stream-table.ts` has been at it. These hold what a new version of
 * dynoxide may undo.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, onTestFinished, test } from 'vitest';

import { demand, DYNAMODB } from '../../../emulator/dynamodb/client.ts';
import type { Dynoxide } from '../../../emulator/dynamodb/dynoxide.ts';
import { openStream } from '../../../emulator/dynamodb/streams.ts';
import { createTables } from '../../../emulator/dynamodb/tables.ts';
import { REGION, startTestEngine, streamed } from './database.ts';

const table = streamed('Messages');

const put = (engine: Dynoxide, sk: string) =>
  demand(engine, `${DYNAMODB}PutItem`, {
    TableName: 'Messages',
    Item: { pk: { S: 'room' }, sk: { S: sk }, text: { S: 'x'.repeat(200) } },
  });

/** Milliseconds of CPU that the engine has used; Linux counts in hundredths of a second. */
function cpuMs({ processId }: Dynoxide): number {
  const afterName = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1] ?? '';
  const [user, system] = afterName.split(' ').slice(11, 13).map(Number);
  return 10 * (Number(user) + Number(system));
}

async function cpuOfPuts(engine: Dynoxide, prefix: string, count: number): Promise<number> {
  const before = cpuMs(engine);
  for (let index = 0; index < count; index += 1) await put(engine, `${prefix}${index}`);
  return (cpuMs(engine) - before) / count;
}

async function putMany(engine: Dynoxide, records: number): Promise<void> {
  let begun = 0;
  const writer = async () => {
    while (begun < records) {
      const first = begun;
      begun += 25;
      const requests = Array.from({ length: 25 }, (_, index) => ({
        PutRequest: { Item: { pk: { S: 'many' }, sk: { S: String(first + index) } } },
      }));
      await demand(engine, `${DYNAMODB}BatchWriteItem`, { RequestItems: { Messages: requests } });
    }
  };
  await Promise.all(Array.from({ length: 4 }, writer));
}

async function readAll(engine: Dynoxide) {
  const stream = openStream(engine, table, REGION);
  const [shard] = await stream.shards();
  return stream.read(String(shard?.shardId), 'TRIM_HORIZON', 1000);
}

// Unpatched, the CPU of a put grows from 0.3 ms to over 6 ms, and so does that of an empty read.
test('[dynoxide] 20,000 stream records do not raise the cost of a put, nor of an empty read', async () => {
  const engine = await startTestEngine([table]);
  const stream = openStream(engine, table, REGION);
  const [shard] = await stream.shards();
  const shardId = String(shard?.shardId);
  await cpuOfPuts(engine, 'warm', 100);
  const before = await cpuOfPuts(engine, 'before', 200);

  await putMany(engine, 20_000);

  const after = await cpuOfPuts(engine, 'after', 200);
  expect(after).toBeLessThan(3 * Math.max(before, 0.2));

  const newest = { sequenceNumber: String(await stream.newest(shardId)) };
  const cpu = cpuMs(engine);
  for (let index = 0; index < 100; index += 1) {
    expect((await stream.read(shardId, newest, 1000)).records).toEqual([]);
  }
  expect((cpuMs(engine) - cpu) / 100).toBeLessThan(3 * Math.max(before, 0.2));
}, 120_000);

test('[dynoxide] a table made anew does not replay the old one, nor use its numbers again', async () => {
  const engine = await startTestEngine([table]);
  await put(engine, 'old');
  const { last: old } = await readAll(engine);
  await demand(engine, `${DYNAMODB}DeleteTable`, { TableName: 'Messages' });
  await createTables(engine, [table]);
  expect((await readAll(engine)).records).toEqual([]);
  await put(engine, 'new');
  const { records, last } = await readAll(engine);
  expect(records.map(({ dynamodb }) => dynamodb.Keys['sk'])).toEqual([{ S: 'new' }]);
  expect(BigInt(String(last))).toBeGreaterThan(BigInt(String(old)));
});

test('[DOC f4] records are gone from the stream after 24 hours, and no number comes again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kept-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const engine = await startTestEngine([table], directory);
  for (const sk of ['1', '2', '3']) await put(engine, sk);
  const { last: newest } = await readAll(engine);

  // The engine goes by the machine's clock, so what it has written is made older.
  const database = new DatabaseSync(join(directory, 'dynamodb.sqlite'), { timeout: 5000 });
  database.exec('UPDATE _stream_records SET created_at = created_at - 24 * 60 * 60 - 1');
  database.close();
  await put(engine, '4');

  const { records, last } = await readAll(engine);
  expect(records.map(({ dynamodb }) => dynamodb.Keys['sk'])).toEqual([{ S: '4' }]);
  expect(BigInt(String(last))).toBe(BigInt(String(newest)) + 1n);
});
