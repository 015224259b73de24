import { type Activity, createActivity } from './activity.ts';
import type { CloudOptions } from './cloud-options.ts';
import { AssemblyError, readAssembly } from './template/assembly.ts';
import { type Clock, realClock } from './clock.ts';
import { createCredentialStore, type CredentialStore } from './credentials.ts';
import { openEngine, startDynamoDb } from './dynamodb/database.ts';
import { openStream } from './dynamodb/streams.ts';
import { type Endpoints, rewriteEndpoints } from './endpoints.ts';
import type { Mapping } from './event-source/mapping.ts';
import { openCheckpoints, principalOf, mappingSettings } from './event-source/mapping-options.ts';
import { createMappings, type Mappings } from './event-source/mappings.ts';
import { type CloudFaults, createCloudFaults } from './faults/cloud-faults.ts';
import type { Faults } from './faults/faults.ts';
import type { FrontServices } from './front.ts';
import {
  endpointsOf,
  httpAddressOf,
  type HttpApiAddress,
  managementOf,
  openFronts,
  servedOn,
} from './fronts.ts';
import { createAccess, type Iam } from './iam/access.ts';
import { createHttpApi } from './http-api/http-api.ts';
import { createAccountThrottle } from './gateway/account-throttle.ts';
import { createGateway, type GatewayOptions } from './gateway/gateway.ts';
import { writeInlineCode } from './template/inline-code.ts';
import { createLambda, type Lambda } from './lambda/functions.ts';
import { createHandles, type Handles } from './handles/handles.ts';
import { runtimeWarnings } from './lambda/runtime-version.ts';
import type { Log } from './log.ts';
import { type Bill, billOf } from './meter/bill.ts';
import { createMeter, type Meter } from './meter/meter.ts';
import { pageParts } from './page/page-parts.ts';
import { createPageService } from './page/page-service.ts';
import type { OnClose, Parts } from './parts.ts';
import { traceLine } from './trace/trace-line.ts';
import { createTrace, type Trace } from './trace/trace.ts';
import { createUpdate, type Update } from './update.ts';
import type { CloudModel, UnsupportedResource } from './model.ts';
import { startSchedules } from './schedule/schedules.ts';
import type { RunningApi } from './running-api.ts';
import { createQueues, type Queues } from './sqs/queues.ts';
import { synthesized } from './template/synthesized.ts';
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

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const ends: (() => Promise<void>)[] = [];
  const onClose: OnClose = (end) => void ends.push(end);
  const close = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const parts = await readParts(options, onClose);
    return { ...(await assemble(parts, options, onClose)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readParts(options: CloudOptions, onClose: OnClose): Promise<Parts> {
  const { clock = realClock(), log = () => {}, values = {}, iam: mode = 'enforce' } = options;
  const model = readModel(readAssembly(directoryOf(options, onClose)), { values });
  await writeInlineCode(model.functions);
  const { account, region } = model;
  const activity = createActivity();
  const access = createAccess({ model, mode, log });
  const meter = createMeter();
  const trace = traceOf(options, clock, log);
  const throttle = createAccountThrottle({ quotas: options.quotas ?? 'aws', clock, log });
  const own = { model, account, region, activity, meter, trace, access, throttle };
  return { ...own, clock, log };
}

/** Every frame is noted; it is a line of the log, or shown with its content, only when asked for. */
function traceOf({ trace = 'off' }: CloudOptions, clock: Clock, log: Log): Trace {
  return createTrace({
    clock,
    withContent: trace === 'content',
    ...(trace === 'off' ? {} : { onEvent: (event) => log('trace', traceLine(event)) }),
  });
}

function directoryOf({ assembly, app }: CloudOptions, onClose: OnClose): string {
  if (assembly !== undefined) return assembly;
  if (app === undefined) {
    throw new AssemblyError(
      'startCloud needs an `assembly` (a directory) or an `app` (of the CDK)',
    );
  }
  const made = synthesized(app);
  onClose(async () => made.close());
  return made.directory;
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
  const described = describe(model, endpoints);
  const { httpApis } = described;
  const shown = pageParts(parts, { engine, lambda, queues, mappings, bill, httpApis }, started);
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
    ...described,
    apis,
    meter,
    bill,
    lambda,
    queues,
    iam: access.iam,
    mappings: mappings.byPath,
    faults: faults.source,
    update: createUpdate(model, options.values, lambda),
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
