import { randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';

import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';
import type { CredentialStore } from '../credentials.ts';
import type { InvocationResult, Invoke, Invoker } from '../invocation.ts';
import type { Log } from '../log.ts';
import type { Cause } from '../meter/cause.ts';
import type { Meter } from '../meter/meter.ts';
import type { FunctionResource, Permission } from '../model.ts';
import type { Service } from '../service.ts';
import { billInvocation, billLine } from './billing.ts';
import { createConcurrency } from './concurrency.ts';
import { type Endpoints, environmentRefusal, functionEnvironment } from './environment.ts';
import { createEventQueue } from './event-queue.ts';
import { type InvocationEnd, invokeUntil, type LambdaFaults } from './faults.ts';
import { logOf } from './function-log.ts';
import { functionName } from './function-name.ts';
import { createInvocationRecords, type InvocationRecord } from './invocation-records.ts';
import { failed, invocationResult, type InvokeAs, requestTooLarge } from './invocation-result.ts';
import { createInvokeApi } from './invoke-api.ts';
import { checkLogRights } from './log-rights.ts';
import { missingPermission, permits } from './permission.ts';
import { bundleRuntime } from './runtime-bundle.ts';
import { createSandboxPool, type SandboxPool } from './sandbox-pool.ts';
import { startSandbox } from './sandbox.ts';

/**
 * Lambda: runs the functions of a cloud, each in sandboxes of its own, and tells how every invocation
 * ended. Copied: one invocation at a time per sandbox, freezing, time-outs, concurrency limits,
 * resource policies, payload limits, what is billed. Not copied: versions, aliases, layers,
 * provisioned concurrency, response streaming.
 */
export interface Lambda {
  readonly invoke: Invoke;
  /** Queues an event that nobody waits for; what became of that, not of the invocation. */
  readonly send: (
    functionArn: string,
    event: unknown,
    invoker: Invoker,
  ) => 'sent' | 'denied' | 'missing' | 'full';
  /** The Invoke API. */
  readonly service: Service;
  /** Has a sandbox of the function ready, so that its next invocation is not cold. */
  warm(functionArn: string): Promise<void>;
  /**
   * Replaces the code of a function, as a deployment does: what is under way ends in the old one, and
   * every invocation from now on begins in a new sandbox. Default: the same code again.
   */
  deploy(nameOrArn: string, codeDirectory?: string): void;
  /** The last invocations that ran, oldest first. */
  invocations(): readonly InvocationRecord[];
  /** Ends every sandbox; what is under way fails. */
  close(): Promise<void>;
}

export interface LambdaOptions {
  readonly functions: readonly FunctionResource[];
  readonly permissions: readonly Permission[];
  /** May a service invoke a function? Default: as the permissions say. */
  readonly admits?: (fn: FunctionResource, caller: Caller) => boolean;
  readonly credentials: CredentialStore;
  /** Read whenever a sandbox starts, so they may be getters of what is known later. */
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly activity: Activity;
  readonly log: Log;
  /** Invocations of the whole account at the same time; default 1,000, as on AWS. */
  readonly concurrencyLimit?: number;
  readonly faults?: LambdaFaults;
}

/** A service that wants to invoke a function. */
interface Caller {
  readonly service: string;
  readonly sourceArn: string;
}

/** A function and what runs it. */
interface Host {
  readonly fn: FunctionResource;
  readonly sandboxes: SandboxPool;
  deploy(codeDirectory: string | undefined): void;
  /** Why AWS would not have deployed it. */
  readonly refusal: string | undefined;
}

export function createLambda(options: LambdaOptions): Lambda {
  const { functions, activity, log } = options;
  const concurrency = createConcurrency(functions, options.concurrencyLimit ?? 1_000);
  const records = createInvocationRecords();
  const causes = new Map<string, Cause>();
  const outputs = new Map<string, string[]>();
  const createHost = hostFactory(options, causes, outputs);
  const hosts = new Map(functions.map((fn) => [fn.name, createHost(fn)]));
  const hostOf = (nameOrArn: string) => hosts.get(functionName(nameOrArn));

  const invokeAs: InvokeAs = async (requestId, nameOrArn, event, given) => {
    const host = hostOf(nameOrArn);
    if (host === undefined) return { outcome: 'missing', requestId };
    const payload = JSON.stringify(event) ?? 'null';
    const unfit = host.refusal === undefined ? requestTooLarge(payload) : refused(host.refusal);
    if (unfit !== undefined) return failed(requestId, unfit);
    const fate = options.faults?.next(host.fn);
    if (fate === 'throttled' || !concurrency.enter(host.fn)) {
      return { outcome: 'throttled', requestId };
    }
    const end = activity.begin();
    try {
      const startedAt = options.clock.now();
      const cause = given ?? { function: host.fn.path };
      causes.set(requestId, cause);
      const logs: string[] = [];
      outputs.set(requestId, logs);
      if (options.faults?.startsCold(host.fn) === true) host.sandboxes.retireIdle();
      const ran = await run(host.sandboxes, payload, requestId, fate);
      const { result } = ran;
      records.add(recordOf(host.fn, ran, { requestId, startedAt, payload, logs }));
      billInvocation(options.meter, host.fn, { ...ran, requestId }, cause);
      if (result.outcome === 'failed') logFailure(log, host.fn, result);
      return result;
    } finally {
      causes.delete(requestId);
      outputs.delete(requestId);
      concurrency.leave(host.fn);
      end();
    }
  };
  const queue = createEventQueue({ invokeAs, clock: options.clock, log });

  const denies = createDenial(options, (functionArn) => hostOf(functionArn)?.fn);

  return {
    send(functionArn, event, invoker) {
      if (hostOf(functionArn) === undefined) return 'missing';
      if (denies(functionArn, invoker)) return 'denied';
      return queue.send(randomUUID(), functionArn, event, invoker.cause) ? 'sent' : 'full';
    },
    async invoke(functionArn, event, invoker) {
      const requestId = randomUUID();
      if (denies(functionArn, invoker)) return { outcome: 'denied', requestId };
      return invokeAs(requestId, functionArn, event, invoker.cause);
    },
    service: createInvokeApi({ ...options, invokeAs, queue }),
    async warm(functionArn) {
      await hostOf(functionArn)?.sandboxes.warm();
    },
    deploy(nameOrArn, codeDirectory) {
      const host = hostOf(nameOrArn);
      if (host === undefined) throw new Error(`There is no function ${nameOrArn}`);
      host.deploy(codeDirectory);
    },
    invocations: () => records.list(),
    async close() {
      queue.close();
      await Promise.all([...hosts.values()].map(({ sandboxes }) => sandboxes.close()));
    },
  };
}

/** Whether a service lacks the permission to invoke a function; the log then says which. */
function createDenial(
  { permissions, log, ...options }: LambdaOptions,
  fnOf: (functionArn: string) => FunctionResource | undefined,
): (functionArn: string, invoker: Invoker) => boolean {
  const { admits = (fn, caller) => permits(permissions, fn, caller) } = options;
  return (functionArn, invoker) => {
    const fn = fnOf(functionArn);
    if (fn === undefined || invoker.kind !== 'service' || admits(fn, invoker)) return false;
    const from = `${invoker.service} invoke it from ${invoker.sourceArn}`;
    const missing = `missing: ${missingPermission(invoker)}`;
    log('emulator', `${fn.path}: no AWS::Lambda::Permission lets ${from}; ${missing}`);
    return true;
  };
}

function recordOf(
  { name }: FunctionResource,
  { result, durationMs, cold }: Awaited<ReturnType<typeof run>>,
  asked: Pick<InvocationRecord, 'requestId' | 'startedAt' | 'logs'> & { readonly payload: string },
): InvocationRecord {
  const { payload, ...rest } = asked;
  const { outcome } = result;
  const eventBytes = Buffer.byteLength(payload);
  return { ...rest, function: name, durationMs, outcome, cold, eventBytes, ...errorOf(result) };
}

const errorOf = (result: InvocationResult) =>
  result.outcome === 'failed' ? { error: `${result.errorType}: ${result.errorMessage}` } : {};

/** `causes` and `outputs`: of the invocations under way, by request id. */
function hostFactory(
  options: LambdaOptions,
  causes: ReadonlyMap<string, Cause>,
  outputs: ReadonlyMap<string, string[]>,
): (fn: FunctionResource) => Host {
  const { region, endpoints, clock, log } = options;
  const runtime = bundleRuntime();
  const startingLimit = availableParallelism();
  return (fn) => {
    const refusal = environmentRefusal(fn.environment);
    let deployed = fn;
    if (refusal !== undefined) log('emulator', `${fn.path}: ${refusal}`);
    const start = async () => {
      // Each has credentials of its own, so that the meter knows what a request is part of.
      const causeNow = () => causes.get(sandbox.phase()) ?? { function: fn.path };
      const credentials = options.credentials.issue(fn.name, fn.role, causeNow);
      const logStream = logStreamName(clock.now());
      const environment = functionEnvironment({
        fn: deployed,
        region,
        credentials,
        endpoints,
        logStream,
      });
      const printed = (line: string) => {
        outputs.get(sandbox.phase())?.push(line);
        billLine(options.meter, fn, line, causeNow());
      };
      const skewMs = options.faults?.skewMs(fn) ?? 0;
      const given = { fn: deployed, environment, runtime: await runtime, log, printed, skewMs };
      const sandbox = startSandbox(given);
      const owner = options.credentials.find(credentials.accessKeyId)?.principal;
      if (owner !== undefined) checkLogRights(fn, owner, logStream, log);
      return sandbox;
    };
    const sandboxes = createSandboxPool({ start, startingLimit });
    const deploy = (codeDirectory = deployed.codeDirectory) => {
      deployed = { ...fn, codeDirectory };
      sandboxes.retire();
    };
    return { fn, refusal, sandboxes, deploy };
  };
}

async function run(
  sandboxes: SandboxPool,
  payload: string,
  requestId: string,
  fate: InvocationEnd | undefined,
) {
  const taken = await sandboxes.take();
  if (taken === undefined) {
    const error = { errorType: 'Sandbox.Terminated', errorMessage: 'the emulator is closed' };
    return { result: failed(requestId, error), durationMs: 0, billedMs: 0, cold: false };
  }
  const { sandbox, cold } = taken;
  const handedOverAt = performance.now();
  const ended = await (fate === undefined
    ? sandbox.invoke(payload, requestId)
    : invokeUntil(fate, sandbox, payload, requestId));
  const result = invocationResult(requestId, ended);
  const durationMs = performance.now() - handedOverAt;
  sandboxes.release(sandbox);
  return { result, durationMs, billedMs: durationMs + (cold ? sandbox.initMs() : 0), cold };
}

function refused(errorMessage: string) {
  return { errorType: 'InvalidParameterValueException', errorMessage };
}

function logFailure(log: Log, fn: FunctionResource, result: ReturnType<typeof failed>): void {
  const { requestId, errorType, errorMessage, trace = [] } = result;
  const lines = [`${errorType}: ${errorMessage}`, ...trace.slice(1)];
  for (const line of lines) logOf(log, fn, requestId, line, 'failure');
}

function logStreamName(now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
}
