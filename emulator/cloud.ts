import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Activity, createActivity } from './activity.ts';
import { AssemblyError, readAssembly } from './template/assembly.ts';
import { type Clock, realClock } from './clock.ts';
import { createCredentialStore, type CredentialStore, type Principal } from './credentials.ts';
import { createDynamoDb } from './dynamodb/api.ts';
import { type Engine, startEngine } from './dynamodb/engine.ts';
import { openStream } from './dynamodb/streams.ts';
import { createTables } from './dynamodb/tables.ts';
import { startTtlSweep } from './dynamodb/ttl.ts';
import { type Endpoints, rewriteEndpoints } from './endpoints.ts';
import {
  type Checkpoints,
  fileCheckpoints,
  memoryCheckpoints,
} from './event-source/checkpoints.ts';
import type { Mapping } from './event-source/mapping.ts';
import { createMappings, type Mappings } from './event-source/mappings.ts';
import { type CloudFaults, createCloudFaults } from './faults/cloud-faults.ts';
import type { Faults } from './faults/faults.ts';
import type { FaultPlan } from './faults/plan.ts';
import { type Front, type FrontServices, startFront } from './front.ts';
import { type Access, createAccess, type Iam, type IamMode } from './iam/access.ts';
import { createHttpApi, type RunningHttpApi } from './http-api/http-api.ts';
import { createGateway, type GatewayOptions } from './gateway/gateway.ts';
import type { GatewayLimits } from './gateway/limits.ts';
import { writeInlineCode } from './template/inline-code.ts';
import { functionName } from './lambda/function-name.ts';
import { createLambda, type Lambda } from './lambda/functions.ts';
import { createHandles, type Handles } from './handles/handles.ts';
import { runtimeWarnings } from './lambda/runtime-version.ts';
import type { Log } from './log.ts';
import { type Bill, billOf } from './meter/bill.ts';
import { createMeter, type Meter } from './meter/meter.ts';
import { createPageService, type PageServiceParts } from './page/page-service.ts';
import { createRedrive } from './page/redrive.ts';
import { pageState } from './page/state.ts';
import { traceLine } from './trace/trace-line.ts';
import { createTrace, type Trace } from './trace/trace.ts';
import { compareModels, type Update } from './update.ts';
import type { CloudModel, HttpApi, UnsupportedResource, WebSocketApi } from './model.ts';
import { startSchedules } from './schedule/schedules.ts';
import type { RunningApi } from './running-api.ts';
import { createQueues, type Queues } from './sqs/queues.ts';
import type { Service } from './service.ts';
import { readModel } from './template/template.ts';

/**
 * A running cloud: everything a cloud assembly asks for, on the loopback address of this machine.
 * Several may run in one process; nothing is global.
 */
export interface Cloud extends Handles {
  readonly model: CloudModel;
  readonly apis: readonly RunningApi[];
  /** On the ports after those of `apis`. */
  readonly httpApis: readonly HttpApiAddress[];
  /** Where DynamoDB, its streams, SQS and Lambda answer, signed with any credentials. */
  readonly url: string;
  /** Stack outputs by name, with the addresses they have here. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly unsupported: readonly UnsupportedResource[];
  /** Counts what AWS would bill. */
  readonly meter: Meter;
  /** What AWS would bill for it, since the start or the last reset of the meter. */
  bill(): Bill;
  readonly lambda: Lambda;
  readonly queues: Queues;
  /** The rights of the functions, and what they have asked for. */
  readonly iam: Iam;
  /** By the construct path of the event source mapping. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  /** What is to go wrong from now on, and what has gone wrong on request. */
  readonly faults: Faults;
  /**
   * Takes up the code of functions from another assembly of the same app: what is under way ends in the old
   * code, and no socket notices. Answers what was replaced, and what only a restart would take up. Throws an
   * `AssemblyError` when the assembly cannot be read, and everything stays as it is.
   */
  update(assembly: string): Promise<Update>;
  /**
   * Resolves when nothing is under way: no frame, invocation, post, stream record or batch, and no batch or
   * asynchronous event that waits for its retry, which is until the clock says so.
   */
  settled(): Promise<void>;
  /** Closes all sockets with 1001, ends everything, and keeps what a data directory keeps. */
  close(): Promise<void>;
}

export interface HttpApiAddress {
  readonly id: string;
  readonly name: string;
  /** `http://127.0.0.1:PORT/` of the `$default` stage, else `http://127.0.0.1:PORT/STAGE`. */
  readonly url: string;
}

export interface CloudOptions {
  /** The directory of the cloud assembly; this, or `app`. */
  readonly assembly?: string;
  /** A CDK `App`, which is synthesized to where it says, by default a new temporary directory. */
  readonly app?: { synth(): { readonly directory: string } };
  /** Of the first API, those of WebSockets first; further ones take the ports after it. Default 0: any free ones. */
  readonly port?: number;
  /** `embedded`, or the URL of anything that speaks DynamoDB. Default `embedded`. */
  readonly dynamodb?: string;
  /** Keeps tables and stream positions between runs; default: they end with the cloud. */
  readonly dataDirectory?: string;
  /** Parameters by name, and dynamic references by what stands after `resolve:`. */
  readonly values?: Readonly<Record<string, string>>;
  /** `enforce` refuses what AWS would, `warn` only says so, `off` looks at no policy. Default `enforce`. */
  readonly iam?: IamMode;
  /** Default: silence. */
  readonly log?: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Milliseconds between polls of a stream; default 250, as on AWS; 0 follows every write at once. */
  readonly streamPollMs?: number;
  /** Shortens the batching windows of streams by this factor. Default 1: as declared. */
  readonly batchingWindowScale?: number;
  /** Filters that an event source mapping may have; default 5, and up to 10 where AWS was asked for more. */
  readonly filtersPerMapping?: number;
  readonly gatewayLimits?: Partial<GatewayLimits>;
  /** A line of the log for each frame, post, open and close; `content`: with what was said. Default `off`. */
  readonly trace?: 'off' | 'lines' | 'content';
  /** What is to go wrong; throws a `FaultPlanError` when it cannot be read. Default: nothing. */
  readonly faults?: FaultPlan;
}

/** What every part of a cloud is given. */
interface Parts {
  readonly model: CloudModel;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly activity: Activity;
  readonly meter: Meter;
  readonly trace: Trace;
  readonly access: Access;
}

/** Says how to end a part that was started; parts end in the reverse order of their start. */
type OnClose = (close: () => Promise<void>) => void;

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock = realClock(), log = () => {}, values = {}, iam: mode = 'enforce' } = options;
  const model = readModel(readAssembly(directoryOf(options)), { values });
  await writeInlineCode(model.functions);
  const { account, region } = model;
  const activity = createActivity();
  const access = createAccess({ model, mode, log });
  const meter = createMeter();
  const trace = traceOf(options, clock, log);
  const parts: Parts = { model, account, region, clock, log, activity, meter, trace, access };
  const ends: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await assemble(parts, options, (end) => ends.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every frame is noted; it is a line of the log, or shown with its content, only when asked for. */
function traceOf({ trace = 'off' }: CloudOptions, clock: Clock, log: Log): Trace {
  return createTrace({
    clock,
    withContent: trace === 'content',
    ...(trace === 'off' ? {} : { onEvent: (event) => log('trace', traceLine(event)) }),
  });
}

function directoryOf({ assembly, app }: CloudOptions): string {
  const directory = assembly ?? app?.synth().directory;
  if (directory !== undefined) return directory;
  throw new AssemblyError('startCloud needs an `assembly` (a directory) or an `app` (of the CDK)');
}

/** In the order of need: data, addresses, functions, APIs, and last the streams that wake them. */
async function assemble(
  parts: Parts,
  options: CloudOptions,
  onClose: OnClose,
): Promise<Omit<Cloud, 'close'>> {
  const { model, activity, meter, access } = parts;
  const engine = await openEngine(parts, options, onClose);
  const credentials = createCredentialStore(access.principal);
  const fronts = await openFronts(model, options, credentials, onClose);
  const endpoints = endpointsOf(model, fronts);

  const queues = createQueues({ ...parts, queues: model.queues, base: () => endpoints.base });
  onClose(async () => queues.close());
  const mappings = createMappings(model);
  const faults = createCloudFaults({
    ...parts,
    engine,
    plan: options.faults ?? {},
    replay: (path) => mappings.byPath.get(path)?.replay('TRIM_HORIZON'),
  });
  const lambda = startFunctions(parts, credentials, endpoints, faults, queues);
  onClose(() => lambda.close());
  onClose(async () => mappings.close());
  const dynamodb = startDynamoDb(parts, engine, mappings, onClose);

  const limits = options.gatewayLimits ?? {};
  const started = model.apis.map((api) =>
    startApi({ ...parts, api, limits, invoke: lambda.invoke }, faults, endpoints, onClose),
  );
  const http = model.httpApis.map((api) => createHttpApi({ ...parts, api, invoke: lambda.invoke }));
  const bill = () => billOf(meter.entries());
  const shown = pageParts(parts, { engine, lambda, queues, mappings, bill }, started);
  const services = {
    dynamodb: faults.dynamodb(dynamodb),
    sqs: faults.sqs(queues.service),
    lambda: faults.invoke(lambda.service),
    page: createPageService(shown),
  };
  for (const [index, front] of fronts.entries()) {
    front.serve({ ...services, ...servedOn(index, started, http) });
  }

  await mappings.start({
    ...parts,
    openStream: (table) => openStream(engine, table, parts.region, parts.clock),
    principalOf: (arn) => principalOf(arn, parts),
    invoke: lambda.invoke,
    send: faults.send(queues.send),
    checkpoints: openCheckpoints(options, onClose),
    ...mappingSettings(options),
    faults: faults.mappings,
  });
  startScheduling(parts, lambda, onClose);
  // The first to end: what is cut short while closing is nobody's fault.
  onClose(async () => faults.close());
  const apis = started.map(({ running }) => running);
  return {
    ...createHandles({ model, dynamodb, queues, lambda, apis }),
    ...describe(model, endpoints),
    apis,
    meter,
    bill,
    lambda,
    queues,
    iam: access.iam,
    mappings: mappings.byPath,
    faults: faults.source,
    update: createUpdate(parts, options, lambda),
    settled: () => settle(activity, mappings, lambda),
  };
}

/** What a cloud tells of itself without having to run. */
function describe(model: CloudModel, endpoints: Endpoints) {
  return {
    model,
    url: endpoints.base,
    httpApis: model.httpApis.map((api) => httpAddressOf(api, endpoints)),
    outputs: mapValues(model.outputs, (value) => rewriteEndpoints(value, endpoints)),
    unsupported: model.unsupported,
  };
}

function createUpdate(
  { model }: Parts,
  { values = {} }: CloudOptions,
  lambda: Lambda,
): Cloud['update'] {
  let running = model;
  return async (assembly) => {
    const next = readModel(readAssembly(assembly), { values });
    await writeInlineCode(next.functions);
    const update = compareModels(running, next);
    for (const { name, codeDirectory } of update.code) lambda.deploy(name, codeDirectory);
    running = { ...model, functions: next.functions };
    return update;
  };
}

/** What the page under `/_parley` shows and does. */
function pageParts(
  { model, clock, region, trace }: Parts,
  running: {
    readonly engine: Engine;
    readonly lambda: Lambda;
    readonly queues: Queues;
    readonly mappings: Mappings;
    readonly bill: () => Bill;
  },
  started: readonly { readonly running: RunningApi }[],
): PageServiceParts {
  const { engine, lambda, queues, bill } = running;
  const apis = started.map((api) => api.running);
  return {
    bill,
    state: () => pageState({ ...running, model, clock, apis, trace }),
    cut: (connectionId) => apis.some(({ gateway }) => gateway.cut(connectionId)),
    redrive: createRedrive({
      model,
      queues,
      invoke: lambda.invoke,
      openStream: (table) => openStream(engine, table, region, clock),
    }),
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

/** DynamoDB's API, whose writes wake the mappings; the sweep of expired items writes, too. */
function startDynamoDb(
  parts: Parts,
  engine: Engine,
  mappings: Mappings,
  onClose: OnClose,
): Service {
  const { tables } = parts.model;
  const onWrite = (tableName: string) => mappings.wake(tableName);
  if (engine.embedded) {
    const sweep = startTtlSweep({ ...parts, engine, tables, onWrite });
    onClose(async () => sweep.close());
  }
  return createDynamoDb({ ...parts, engine, tables, onWrite }).service;
}

/** The functions, with every address in their environment rewritten to the one it has here. */
function startFunctions(
  parts: Parts,
  credentials: CredentialStore,
  endpoints: Endpoints,
  faults: CloudFaults,
  queues: Queues,
): Lambda {
  const { apis, functions, permissions, eventInvokes } = parts.model;
  const [api] = apis;
  for (const line of runtimeWarnings(functions, process.versions.node)) parts.log('emulator', line);
  const management =
    api !== undefined && apis.length === 1 ? managementOf(api, endpoints) : undefined;
  return createLambda({
    ...parts,
    permissions,
    eventInvokes,
    admits: parts.access.admits,
    principalOf: (fn) => parts.access.principal(fn.name, fn.role),
    sendToQueue: faults.send(queues.send),
    credentials,
    functions: functions.map((fn) => ({
      ...fn,
      environment: mapValues(fn.environment, (value) => rewriteEndpoints(value, endpoints)),
    })),
    endpoints: { base: endpoints.base, management },
    faults: faults.lambda,
  });
}

async function openFronts(
  { apis, httpApis }: CloudModel,
  { port = 0 }: CloudOptions,
  credentials: CredentialStore,
  onClose: OnClose,
): Promise<readonly Front[]> {
  const start = (own: number) => startFront({ port: own, credentials });
  const fronts = await startFronts(apis.length + httpApis.length, port, start);
  for (const front of fronts) onClose(() => front.close());
  return fronts;
}

function startScheduling(parts: Parts, { send }: Lambda, onClose: OnClose): void {
  const schedules = startSchedules({ ...parts, schedules: parts.model.schedules, send });
  onClose(async () => schedules.close());
}

/** A gateway, and how its port serves it. */
function startApi(
  options: GatewayOptions,
  faults: CloudFaults,
  endpoints: Endpoints,
  onClose: OnClose,
): { readonly running: RunningApi; readonly served: NonNullable<FrontServices['api']> } {
  const { api } = options;
  const { sockets, posts } = faults.api(api);
  const gateway = createGateway({ ...options, faults: sockets });
  onClose(() => gateway.close());
  const management = managementOf(api, endpoints);
  const websocket = management.replace(/^http/, 'ws');
  return {
    running: { id: api.apiId, name: api.name, websocket, management, gateway },
    served: { ...gateway, service: posts(gateway.service) },
  };
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

/** The API whose port this is; those of WebSockets come first. */
function servedOn(
  index: number,
  sockets: readonly { readonly served: NonNullable<FrontServices['api']> }[],
  https: readonly RunningHttpApi[],
): Pick<FrontServices, 'api' | 'http'> {
  const api = sockets[index]?.served;
  const http = https[index - sockets.length];
  return { ...(api === undefined ? {} : { api }), ...(http === undefined ? {} : { http }) };
}

const endpointsOf = ({ apis, httpApis }: CloudModel, fronts: readonly Front[]): Endpoints => ({
  apis: Object.fromEntries(
    [...apis, ...httpApis].map(({ apiId }, index) => [apiId, fronts[index]?.url ?? '']),
  ),
  base: fronts[0]?.url ?? '',
});

/** The address of an API's first stage. */
const managementOf = ({ apiId, stages }: WebSocketApi, endpoints: Endpoints): string =>
  `${endpoints.apis[apiId]}/${stages[0]?.name ?? ''}`;

const mappingSettings = ({
  streamPollMs,
  batchingWindowScale,
  filtersPerMapping,
}: CloudOptions) => ({
  ...(filtersPerMapping === undefined ? {} : { filterLimit: filtersPerMapping }),
  ...(streamPollMs === undefined ? {} : { pollMs: streamPollMs }),
  ...(batchingWindowScale === undefined ? {} : { windowScale: batchingWindowScale }),
});

/** As whom a function's mapping works: as the function, if it is here. */
function principalOf(functionArn: string, { model, access }: Parts): Principal {
  const name = functionName(functionArn);
  const fn = model.functions.find((each) => each.name === name);
  return fn === undefined ? { kind: 'administrator' } : access.principal(fn.name, fn.role);
}

function httpAddressOf({ apiId, name, stages }: HttpApi, endpoints: Endpoints): HttpApiAddress {
  const stage = stages.some((each) => each.name === '$default') ? '' : (stages[0]?.name ?? '');
  return { id: apiId, name, url: `${endpoints.apis[apiId]}/${stage}` };
}

/** Positions are kept where the data is kept, and go with it. */
function openCheckpoints({ dataDirectory }: CloudOptions, onClose: OnClose): Checkpoints {
  if (dataDirectory === undefined) return memoryCheckpoints();
  const file = fileCheckpoints(join(dataDirectory, 'stream-positions.json'));
  onClose(() => file.close());
  return file;
}

/** One thing wakes another, so quiet counts only when a whole round found it. */
async function settle(activity: Activity, mappings: Mappings, lambda: Lambda): Promise<void> {
  for (let rounds = 0; rounds < 2; rounds += 1) {
    await activity.quiet();
    await mappings.quiet();
    await lambda.quiet();
  }
  await activity.quiet();
}

const mapValues = (values: Readonly<Record<string, string>>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
