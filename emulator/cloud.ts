import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Activity, createActivity } from './activity.ts';
import { readAssembly } from './assembly.ts';
import { type Clock, realClock } from './clock.ts';
import { createCredentialStore } from './credentials.ts';
import { createDynamoDb } from './dynamodb/api.ts';
import { type Engine, startEngine } from './dynamodb/engine.ts';
import { openStream } from './dynamodb/streams.ts';
import { createTables } from './dynamodb/tables.ts';
import { startTtlSweep } from './dynamodb/ttl.ts';
import { type Endpoints, rewriteEndpoints } from './endpoints.ts';
import {
  type CheckpointFile,
  fileCheckpoints,
  memoryCheckpoints,
} from './event-source/checkpoints.ts';
import type { MappingFaults } from './event-source/faults.ts';
import { type Mapping, startMapping } from './event-source/mapping.ts';
import { type Front, startFront } from './front.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import type { GatewayLimits } from './gateway/limits.ts';
import { createLambda, type Lambda } from './lambda/functions.ts';
import type { Log } from './log.ts';
import { createMeter, type Meter } from './meter.ts';
import type { CloudModel, UnsupportedResource } from './model.ts';
import { createQueues, type Queues } from './sqs.ts';
import { readModel } from './template.ts';

/**
 * A running cloud: everything a cloud assembly asks for, on the loopback address of this machine.
 * Several may run in one process; nothing is global.
 */
export interface Cloud {
  readonly model: CloudModel;
  readonly apis: readonly RunningApi[];
  /** Where DynamoDB, its streams, SQS and Lambda answer, signed with any credentials. */
  readonly url: string;
  /** Stack outputs by name, with the addresses they have here. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly unsupported: readonly UnsupportedResource[];
  readonly meter: Meter;
  readonly lambda: Lambda;
  readonly queues: Queues;
  /** By the logical id of the event source mapping. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  /** Resolves when nothing is under way: no frame, invocation, post, stream record or batch. */
  settled(): Promise<void>;
  /** Closes all sockets with 1001, ends everything, and keeps what a data directory keeps. */
  close(): Promise<void>;
}

export interface RunningApi {
  readonly id: string;
  readonly name: string;
  /** `ws://127.0.0.1:PORT/STAGE`; the first stage when there are several. */
  readonly websocket: string;
  /** `http://127.0.0.1:PORT/STAGE`: the base of `@connections`. */
  readonly management: string;
  readonly gateway: Gateway;
}

export interface CloudOptions {
  /** The directory of the cloud assembly. */
  readonly assembly: string;
  /** Of the first API; further ones take the ports after it. Default 0: any free ones. */
  readonly port?: number;
  /** `embedded`, or the URL of anything that speaks DynamoDB. Default `embedded`. */
  readonly dynamodb?: string;
  /** Keeps tables and stream positions between runs; default: they end with the cloud. */
  readonly dataDirectory?: string;
  /** Default: silence. */
  readonly log?: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Milliseconds between polls of a stream; default 250, as on AWS; 0 follows every write at once. */
  readonly streamPollMs?: number;
  readonly gatewayLimits?: Partial<GatewayLimits>;
  readonly faults?: MappingFaults;
}

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock = realClock(), log = () => {} } = options;
  const model = readModel(readAssembly(options.assembly));
  const parts: Parts = { model, clock, log, activity: createActivity(), meter: createMeter() };
  const closing: (() => Promise<void>)[] = [];
  const onClose = (close: () => Promise<void>) => closing.unshift(close);
  const close = async () => {
    for (const end of closing.splice(0)) await end();
  };
  try {
    const cloud = await assemble(parts, options, onClose);
    return { ...cloud, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly model: CloudModel;
  readonly clock: Clock;
  readonly log: Log;
  readonly activity: Activity;
  readonly meter: Meter;
}

type OnClose = (close: () => Promise<void>) => void;

/** In the order of need: data, addresses, functions, APIs, and last the streams that wake them. */
async function assemble(
  parts: Parts,
  options: CloudOptions,
  onClose: OnClose,
): Promise<Omit<Cloud, 'close'>> {
  const { model, clock, log, activity, meter } = parts;
  const { account, region, tables, permissions } = model;
  const engine = await openEngine(parts, options, onClose);

  const credentials = createCredentialStore();
  const fronts = await startFronts(model.apis.length, options.port ?? 0, (port) =>
    startFront({ port, credentials, clock }),
  );
  for (const front of fronts) onClose(() => front.close());
  const endpoints = endpointsOf(model, fronts);
  const here = (text: string) => rewriteEndpoints(text, endpoints);

  const base = () => endpoints.base;
  const queues = createQueues({ ...parts, queues: model.queues, account, region, base });
  onClose(async () => queues.close());

  const functions = model.functions.map((fn) => ({
    ...fn,
    environment: mapValues(fn.environment, here),
  }));
  const management = model.apis.length === 1 ? managementOf(model, endpoints, 0) : undefined;
  const lambda = createLambda({
    ...parts,
    functions,
    permissions,
    credentials,
    account,
    region,
    endpoints: { base: endpoints.base, management },
  });
  onClose(() => lambda.close());

  const mappings = new Map<string, Mapping>();
  const wake = (tableName: string) => {
    for (const mapping of mappingsOf(model, mappings, tableName)) mapping.wake();
  };
  const dynamodb = createDynamoDb({
    engine,
    tables,
    region,
    account,
    meter,
    activity,
    log,
    onWrite: wake,
  });
  const sweep = engine.embedded
    ? startTtlSweep({ engine, tables, clock, onWrite: wake })
    : undefined;
  if (sweep !== undefined) onClose(async () => sweep.close());

  const gateways = model.apis.map((api) =>
    createGateway({
      ...parts,
      api,
      region,
      account,
      invoke: lambda.invoke,
      ...(options.gatewayLimits === undefined ? {} : { limits: options.gatewayLimits }),
    }),
  );
  for (const gateway of gateways) onClose(() => gateway.close());
  for (const [index, front] of fronts.entries()) {
    const gateway = gateways[index];
    const services = { dynamodb: dynamodb.service, sqs: queues.service, lambda: lambda.service };
    front.serve(gateway === undefined ? services : { ...services, api: gateway });
  }
  await startMappings({ parts, options, engine, lambda, queues, mappings, onClose });

  return {
    model,
    apis: model.apis.map((api, index) => ({
      id: api.apiId,
      name: api.name,
      websocket: managementOf(model, endpoints, index).replace(/^http/, 'ws'),
      management: managementOf(model, endpoints, index),
      gateway: gateways[index] as Gateway,
    })),
    url: endpoints.base,
    outputs: mapValues(model.outputs, here),
    unsupported: model.unsupported,
    meter,
    lambda,
    queues,
    mappings,
    settled: () => settle(activity, mappings),
  };
}

async function openEngine(
  { model }: Parts,
  { dynamodb = 'embedded', dataDirectory }: CloudOptions,
  onClose: OnClose,
): Promise<Engine> {
  if (dataDirectory !== undefined) mkdirSync(dataDirectory, { recursive: true });
  const engine = await startEngine({
    source: dynamodb,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
  onClose(() => engine.close());
  await createTables(engine, model.tables);
  return engine;
}

/** One server for each API, or one for a cloud without APIs. */
async function startFronts(
  apis: number,
  port: number,
  start: (port: number) => Promise<Front>,
): Promise<readonly Front[]> {
  const fronts: Front[] = [];
  try {
    for (let index = 0; index < Math.max(1, apis); index += 1) {
      fronts.push(await start(port === 0 ? 0 : port + index));
    }
    return fronts;
  } catch (error) {
    for (const front of fronts) await front.close();
    throw error;
  }
}

const endpointsOf = ({ apis }: CloudModel, fronts: readonly Front[]): Endpoints => ({
  apis: Object.fromEntries(apis.map(({ apiId }, index) => [apiId, fronts[index]?.url ?? ''])),
  base: fronts[0]?.url ?? '',
});

/** The address of an API's first stage. */
function managementOf({ apis }: CloudModel, endpoints: Endpoints, index: number): string {
  const api = apis[index];
  return `${endpoints.apis[api?.apiId ?? '']}/${api?.stages[0]?.name ?? ''}`;
}

interface MappingParts {
  readonly parts: Parts;
  readonly options: CloudOptions;
  readonly engine: Engine;
  readonly lambda: Lambda;
  readonly queues: Queues;
  readonly mappings: Map<string, Mapping>;
  readonly onClose: OnClose;
}

async function startMappings(context: MappingParts): Promise<void> {
  const { parts, options, engine, lambda, queues, mappings, onClose } = context;
  const { model } = parts;
  const checkpoints = openCheckpoints(options, onClose);
  for (const mapping of model.mappings) {
    const table = model.tables.find(({ streamArn }) => streamArn === mapping.streamArn);
    if (table === undefined) continue;
    const started = startMapping({
      ...parts,
      mapping,
      stream: openStream(engine, table, model.region),
      invoke: lambda.invoke,
      send: queues.send,
      checkpoints,
      ...(options.streamPollMs === undefined ? {} : { pollMs: options.streamPollMs }),
      ...(options.faults === undefined ? {} : { faults: options.faults }),
    });
    mappings.set(mapping.logicalId, started);
    onClose(async () => started.close());
    await started.ready;
  }
}

/** Positions are kept where the data is kept, and go with it. */
function openCheckpoints({ dataDirectory }: CloudOptions, onClose: OnClose) {
  if (dataDirectory === undefined) return memoryCheckpoints();
  const file: CheckpointFile = fileCheckpoints(join(dataDirectory, 'stream-positions.json'));
  onClose(() => file.close());
  return file;
}

const mappingsOf = (
  { tables, mappings: resources }: CloudModel,
  mappings: ReadonlyMap<string, Mapping>,
  tableName: string,
) => {
  const streamArn = tables.find(({ name }) => name === tableName)?.streamArn;
  return resources
    .filter((resource) => resource.streamArn === streamArn)
    .flatMap(({ logicalId }) => mappings.get(logicalId) ?? []);
};

/** One thing wakes another, so quiet counts only when a whole round found it. */
async function settle(activity: Activity, mappings: ReadonlyMap<string, Mapping>): Promise<void> {
  for (let quietRounds = 0; quietRounds < 2; quietRounds += 1) {
    await activity.quiet();
    for (const mapping of mappings.values()) await mapping.quiet();
  }
  await activity.quiet();
}

const mapValues = (values: Readonly<Record<string, string>>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
