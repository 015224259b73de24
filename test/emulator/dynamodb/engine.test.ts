import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { call, demand, DYNAMODB } from '../../../emulator/dynamodb/client.ts';
import { findBinary, startDynoxide } from '../../../emulator/dynamodb/dynoxide.ts';
import { EngineError, startEngine } from '../../../emulator/dynamodb/engine.ts';
import { openStream } from '../../../emulator/dynamodb/streams.ts';
import { REGION, startTestEngine, streamed, tableResource } from './database.ts';

const isRunning = (processId: number) => {
  try {
    return !readFileSync(`/proc/${processId}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

/** The SQLite file that an engine was started with. */
function fileOf(processId: number): string {
  const command = readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0');
  return command.find((argument) => argument.endsWith('.sqlite')) ?? expect.fail();
}

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kept-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('ends its process and removes its data when it is closed', async () => {
  const engine = await startDynoxide();
  const file = fileOf(engine.processId);
  expect(existsSync(file)).toBe(true);
  await engine.close();
  await engine.close();
  expect(isRunning(engine.processId)).toBe(false);
  expect(existsSync(file)).toBe(false);
});

test('runs several engines at once, each with its own data', async () => {
  const engines = await Promise.all(
    ['First', 'Second', 'Third'].map((name) => startTestEngine([tableResource(name)])),
  );
  const listed = engines.map((engine) => demand(engine, `${DYNAMODB}ListTables`, {}));
  expect(await Promise.all(listed)).toEqual([
    { TableNames: ['First'] },
    { TableNames: ['Second'] },
    { TableNames: ['Third'] },
  ]);
});

test('keeps its data in a data directory', async () => {
  const directory = dataDirectory();
  const first = await startEngine({ source: 'embedded', dataDirectory: directory });
  await demand(first, `${DYNAMODB}CreateTable`, {
    TableName: 'Kept',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await first.close();
  expect(readdirSync(directory)).toContain('dynamodb.sqlite');
  const second = await startEngine({ source: 'embedded', dataDirectory: directory });
  onTestFinished(() => second.close());
  expect(await demand(second, `${DYNAMODB}ListTables`, {})).toEqual({ TableNames: ['Kept'] });
});

test('[dynoxide] has every acknowledged item after a SIGKILL, and its numbers go on', async () => {
  const table = streamed('Messages');
  const directory = dataDirectory();
  const killed = await startTestEngine([table], directory);
  let acknowledged = 0;
  const writer = async (name: string) => {
    for (let sk = 0; ; sk += 1) {
      const item = { pk: { S: name }, sk: { S: String(sk) } };
      const { status } = await call(killed, `${DYNAMODB}PutItem`, {
        TableName: 'Messages',
        Item: item,
      });
      if (status === 200) acknowledged += 1;
      if (acknowledged === 200) process.kill(killed.processId, 'SIGKILL');
    }
  };
  await Promise.allSettled(['a', 'b', 'c', 'd'].map(writer));

  const engine = await startTestEngine([table], directory);
  const { Count } = await demand(engine, `${DYNAMODB}Scan`, {
    TableName: 'Messages',
    Select: 'COUNT',
  });
  expect(Count).toBeGreaterThanOrEqual(acknowledged);

  const stream = openStream(engine, table, REGION);
  const [shard] = await stream.shards();
  const shardId = String(shard?.shardId);
  const before = await stream.newest(shardId);
  const item = { pk: { S: 'later' }, sk: { S: '-' } };
  await demand(engine, `${DYNAMODB}PutItem`, { TableName: 'Messages', Item: item });
  const { records } = await stream.read(shardId, { sequenceNumber: String(before) }, 10);
  expect(records.map(({ dynamodb }) => dynamodb.NewImage)).toEqual([item]);
  expect(String(records[0]?.dynamodb.SequenceNumber) > String(before)).toBe(true);
});

test('ends the engine and removes its data when the process that has it is killed', async () => {
  const dynoxide = new URL('../../../emulator/dynamodb/dynoxide.ts', import.meta.url).href;
  const script = `
    const { startDynoxide } = await import(${JSON.stringify(dynoxide)});
    const { url, processId } = await startDynoxide();
    console.log(JSON.stringify({ url, processId }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const { url, processId } = JSON.parse(line.toString()) as { url: string; processId: number };
  const directory = dirname(fileOf(processId));
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  // A killed process may reset its connections, which is an end as good as any.
  socket.on('error', () => {});
  const engineEnded = new Promise((resolve) => socket.once('close', resolve));
  owner.kill('SIGKILL');
  await engineEnded;
  await expect.poll(() => existsSync(directory)).toBe(false);
});

test('names the package to install where the embedded engine is missing', () => {
  expect(() => findBinary('plan9', 'mips')).toThrow(EngineError);
  expect(() => findBinary('plan9', 'mips')).toThrow(/^No embedded .*@dynoxide\/plan9-mips.*URL$/);
});

test('uses whatever speaks DynamoDB at a URL', async () => {
  const other = await startTestEngine([tableResource('There')]);
  const engine = await startEngine({ source: other.url });
  onTestFinished(() => engine.close());
  expect(engine.embedded).toBe(false);
  expect(await demand(engine, `${DYNAMODB}ListTables`, {})).toEqual({ TableNames: ['There'] });
});

test('says in one line why a URL is no engine', async () => {
  const server = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const problems = async (source: string) =>
    startEngine({ source }).then(
      () => '',
      (error: unknown) => (error instanceof EngineError ? error.message : String(error)),
    );
  expect(await problems(url)).toBe(`No DynamoDB answers at ${url}: what it says is not JSON`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await problems(url)).toBe(`No DynamoDB answers at ${url}: ECONNREFUSED`);
  expect(await problems('dynalite')).toBe('--dynamodb takes "embedded" or a URL, not "dynalite"');
});
