import { randomUUID } from 'node:crypto';

import type { Activity } from '../activity.ts';
import type { Principal } from '../iam/principal.ts';
import type { Invoke, Invoker } from '../invocation.ts';
import type { Cause } from '../meter/cause.ts';
import type { EventInvokeResource, FunctionResource, Permission } from '../model.ts';
import type { Service } from '../service.ts';
import type { SendToQueue } from '../sqs/queues.ts';
import { DEFAULT_SETTINGS } from './async-attempts.ts';
import {
  type AsyncInvocations,
  createAsyncInvocations,
  type WaitingEvent,
} from './async-invocations.ts';
import { billInvocation } from './billing.ts';
import { createConcurrency } from './concurrency.ts';
import { createDestinations } from './destinations.ts';
import { logFailure } from './function-log.ts';
import { functionName } from './function-name.ts';
import { hostFactory, type HostOptions } from './host.ts';
import { createInvocationRecords, type InvocationRecord, recordOf } from './invocation-records.ts';
import { failed, type InvokeAs, requestTooLarge } from './invocation-result.ts';
import { createInvokeApi } from './invoke-api.ts';
import { type Admits, createDenial, permits } from './permission.ts';
import { runInSandbox } from './run-in-sandbox.ts';

/**
 * Lambda: runs the functions of a cloud, each in sandboxes of its own, and tells how every invocation
 * ended. Copied: one invocation at a time per sandbox, freezing, time-outs, concurrency limits,
 * resource policies, payload limits, asynchronous invocations with their destinations, what is billed.
 * Not copied: versions, aliases, layers, provisioned concurrency, response streaming.
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
  /** Asynchronous events that failed or were throttled, and wait for their next attempt. */
  waiting(): readonly WaitingEvent[];
  /** Resolves when no asynchronous event is left, neither under way nor waiting for the clock. */
  quiet(): Promise<void>;
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

export interface LambdaOptions extends HostOptions {
  readonly functions: readonly FunctionResource[];
  readonly permissions: readonly Permission[];
  /** Default: AWS's settings, and no destinations. */
  readonly eventInvokes?: readonly EventInvokeResource[];
  /** Default: as the permissions say. */
  readonly admits?: Admits;
  /** As whom Lambda sends to a function's destinations; default: its role, as declared. */
  readonly principalOf?: (fn: FunctionResource) => Principal;
  /** Default: there are no queues. */
  readonly sendToQueue?: SendToQueue;
  readonly account: string;
  readonly activity: Activity;
  /** Invocations of the whole account at the same time; default 1,000, as on AWS. */
  readonly concurrencyLimit?: number;
}

export function createLambda(options: LambdaOptions): Lambda {
  const { functions, permissions, log } = options;
  const { admits = (fn, caller) => permits(permissions, fn, caller) } = options;
  const causes = new Map<string, Cause>();
  const outputs = new Map<string, string[]>();
  const createHost = hostFactory(options, causes, outputs);
  const hosts = new Map(functions.map((fn) => [fn.name, createHost(fn)]));
  const hostOf = (nameOrArn: string) => hosts.get(functionName(nameOrArn));
  const { invokeAs, invocations } = createInvoker(options, hostOf, causes, outputs);
  const queue = startQueue(options, invokeAs);
  const denies = createDenial({ admits, log }, (functionArn) => hostOf(functionArn)?.fn);

  return {
    send(functionArn, event, invoker) {
      const fn = hostOf(functionArn)?.fn;
      if (fn === undefined) return 'missing';
      if (denies(functionArn, invoker)) return 'denied';
      const { cause } = invoker;
      return queue.send({ requestId: randomUUID(), fn, event, cause }) ? 'sent' : 'full';
    },
    async invoke(functionArn, event, invoker) {
      const requestId = randomUUID();
      if (denies(functionArn, invoker)) return { outcome: 'denied', requestId };
      return invokeAs(requestId, functionArn, event, invoker.cause);
    },
    service: createInvokeApi({ ...options, invokeAs, queue }),
    waiting: () => queue.waiting(),
    quiet: () => queue.quiet(),
    async warm(functionArn) {
      await hostOf(functionArn)?.sandboxes.warm();
    },
    deploy(nameOrArn, codeDirectory) {
      const host = hostOf(nameOrArn);
      if (host === undefined) throw new Error(`There is no function ${nameOrArn}`);
      host.deploy(codeDirectory);
    },
    invocations,
    async close() {
      queue.close();
      await Promise.all([...hosts.values()].map(({ sandboxes }) => sandboxes.close()));
    },
  };
}

/** Runs one invocation after all checks; `causes` and `outputs` hold what is known of those under way. */
function createInvoker(
  options: LambdaOptions,
  hostOf: (nameOrArn: string) => ReturnType<ReturnType<typeof hostFactory>> | undefined,
  causes: Map<string, Cause>,
  outputs: Map<string, string[]>,
): Pick<Lambda, 'invocations'> & { readonly invokeAs: InvokeAs } {
  const { functions, activity, clock, faults, log, meter } = options;
  const concurrency = createConcurrency(functions, options.concurrencyLimit ?? 1_000);
  const records = createInvocationRecords();

  const invokeAs: InvokeAs = async (requestId, nameOrArn, event, given) => {
    const host = hostOf(nameOrArn);
    if (host === undefined) return { outcome: 'missing', requestId };
    const { fn, sandboxes, refusal } = host;
    const payload = JSON.stringify(event) ?? 'null';
    const unfit = refusal === undefined ? requestTooLarge(payload) : refused(refusal);
    if (unfit !== undefined) return failed(requestId, unfit);
    const fate = faults?.next(fn);
    if (fate === 'throttled' || !concurrency.enter(fn)) return { outcome: 'throttled', requestId };
    const end = activity.begin();
    try {
      const startedAt = clock.now();
      const cause = given ?? { function: fn.path };
      causes.set(requestId, cause);
      const logs: string[] = [];
      outputs.set(requestId, logs);
      if (faults?.startsCold(fn) === true) sandboxes.retireIdle();
      const ran = await runInSandbox(sandboxes, payload, requestId, fate);
      const { result } = ran;
      records.add(recordOf(fn, ran, { requestId, startedAt, payload, logs }));
      billInvocation(meter, fn, { ...ran, requestId }, cause);
      if (result.outcome === 'failed') logFailure(log, fn, result);
      return result;
    } finally {
      causes.delete(requestId);
      outputs.delete(requestId);
      concurrency.leave(fn);
      end();
    }
  };
  return { invokeAs, invocations: () => records.list() };
}

/** The asynchronous invocations, and where they end. */
function startQueue(options: LambdaOptions, invokeAs: InvokeAs): AsyncInvocations {
  const { eventInvokes = [], sendToQueue: send = nowhere } = options;
  const configs = new Map(eventInvokes.map((it) => [functionName(it.functionArn), it]));
  const configOf = ({ name }: FunctionResource) => configs.get(name);
  const { principalOf = ({ name, role }) => ({ kind: 'role', role, functionName: name }) } =
    options;
  const destinations = createDestinations({
    ...options,
    configOf,
    principalOf,
    send,
    invoke: (event) => queue.send(event),
  });
  const queue = createAsyncInvocations({
    ...options,
    invokeAs,
    settingsOf: (fn) => configOf(fn) ?? DEFAULT_SETTINGS,
    ended: (event) => destinations.ended(event),
  });
  return queue;
}

const nowhere: SendToQueue = async (arn) => {
  throw new Error(`there is no queue ${arn}`);
};

const refused = (errorMessage: string) => ({
  errorType: 'InvalidParameterValueException',
  errorMessage,
});
