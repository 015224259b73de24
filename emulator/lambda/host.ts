import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';

import type { Clock } from '../clock.ts';
import type { CredentialStore } from '../credentials.ts';
import type { Log } from '../log.ts';
import type { Cause } from '../meter/cause.ts';
import type { Meter } from '../meter/meter.ts';
import type { FunctionResource } from '../model.ts';
import { billLine } from './billing.ts';
import { type Endpoints, environmentRefusal, functionEnvironment } from './environment.ts';
import type { LambdaFaults } from './faults.ts';
import { checkLogRights } from './log-rights.ts';
import { bundleRuntime } from './runtime-bundle.ts';
import { createSandboxPool, type SandboxPool } from './sandbox-pool.ts';
import { startSandboxTwice } from './second-init.ts';

/** A function and what runs it: sandboxes of the code that is deployed at the moment. */
export interface Host {
  readonly fn: FunctionResource;
  readonly sandboxes: SandboxPool;
  /** Default: the same code again. */
  deploy(codeDirectory: string | undefined): void;
  /** Why AWS would not have deployed it. */
  readonly refusal: string | undefined;
}

export interface HostOptions {
  readonly credentials: CredentialStore;
  /** Read whenever a sandbox starts, so they may be getters of what is known later. */
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly log: Log;
  /** Milliseconds of a first init; default 10,000, as on AWS. */
  readonly initLimitMs?: number;
  readonly faults?: LambdaFaults;
}

const INIT_LIMIT_MS = 10_000;

/** `causes` and `outputs`: of the invocations under way, by request id. */
export function hostFactory(
  options: HostOptions,
  causes: ReadonlyMap<string, Cause>,
  outputs: ReadonlyMap<string, string[]>,
): (fn: FunctionResource) => Host {
  const { region, endpoints, clock, log, initLimitMs = INIT_LIMIT_MS } = options;
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
      const sandbox = startSandboxTwice({ ...given, initLimitMs });
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

function logStreamName(now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
}
