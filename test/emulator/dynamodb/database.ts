/**
 * A real embedded engine with tables in it, and the front over HTTP with SDK clients, for one test.
 * Everything is ended when the test is.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { onTestFinished } from 'vitest';

import { createActivity } from '../../../emulator/activity.ts';
import type { Principal } from '../../../emulator/iam/principal.ts';
import { createDynamoDb } from '../../../emulator/dynamodb/api.ts';
import { type Dynoxide, startDynoxide } from '../../../emulator/dynamodb/dynoxide.ts';
import type { Engine } from '../../../emulator/dynamodb/engine.ts';
import { createTables } from '../../../emulator/dynamodb/tables.ts';
import { createMeter, type Meter } from '../../../emulator/meter/meter.ts';
import type { PolicyStatement, TableResource } from '../../../emulator/model.ts';
import type { Service } from '../../../emulator/service.ts';

export const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';

const ADMINISTRATOR: Principal = { kind: 'administrator' };

/** A table with the string keys `pk` and `sk`, changed as the test needs it. */
export function tableResource(name: string, change: Partial<TableResource> = {}): TableResource {
  return {
    logicalId: name,
    path: `App/${name}/Resource`,
    name,
    arn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
    keySchema: [
      { name: 'pk', role: 'HASH' },
      { name: 'sk', role: 'RANGE' },
    ],
    attributes: [
      { name: 'pk', type: 'S' },
      { name: 'sk', type: 'S' },
    ],
    globalIndexes: [],
    localIndexes: [],
    ...change,
  };
}

export function streamed(
  name: string,
  streamViewType: NonNullable<TableResource['streamViewType']> = 'NEW_AND_OLD_IMAGES',
  change: Partial<TableResource> = {},
): TableResource {
  const streamArn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}/stream/2026-01-01T00:00:00.000`;
  return tableResource(name, { streamArn, streamViewType, ...change });
}

/** The principal of a function whose role allows the actions on the resources. */
export function roleThat(actions: string[], resources: string[]): Principal {
  const statement: PolicyStatement = {
    effect: 'Allow',
    actions,
    notActions: [],
    resources,
    notResources: [],
    conditions: {},
  };
  const arn = `arn:aws:iam::${ACCOUNT}:role/Writer`;
  const role = { arn, name: 'Writer', statements: [statement], managedPolicies: [] };
  return { kind: 'role', role, functionName: 'writer' };
}

export async function startTestEngine(
  tables: readonly TableResource[],
  dataDirectory?: string,
): Promise<Dynoxide> {
  const engine = await startDynoxide(dataDirectory);
  onTestFinished(() => engine.close());
  await createTables(engine, tables);
  return engine;
}

export interface Database {
  readonly engine: Engine;
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly meter: Meter;
  readonly service: Service;
  /** Names of tables in the order in which they were written to. */
  readonly written: readonly string[];
  readonly logged: readonly string[];
}

export async function openDatabase(
  tables: readonly TableResource[],
  principal: Principal = ADMINISTRATOR,
  given?: Engine,
): Promise<Database> {
  const engine = given ?? (await startTestEngine(tables));
  const meter = createMeter();
  const written: string[] = [];
  const logged: string[] = [];
  const { service } = createDynamoDb({
    engine,
    tables,
    region: REGION,
    account: ACCOUNT,
    meter,
    activity: createActivity(),
    log: (source, line) => logged.push(`${source}: ${line}`),
    onWrite: (name) => written.push(name),
  });
  const endpoint = await serve(service, principal);
  const settings = {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  };
  const client = new DynamoDBClient(settings);
  const streams = new DynamoDBStreamsClient(settings);
  onTestFinished(() => {
    client.destroy();
    streams.destroy();
  });
  return { engine, client, streams, meter, service, written, logged };
}

async function serve(service: Service, principal: Principal): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const headers = request.headers as Record<string, string>;
      const { method = '', url = '' } = request;
      const body = Buffer.concat(chunks);
      const answered = await service({ method, path: url, headers, body, principal });
      response.writeHead(answered.status, answered.headers).end(answered.body);
    };
    answer().catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
