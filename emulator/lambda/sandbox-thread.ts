import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { Log } from '../log.ts';
import type { FunctionResource } from '../model.ts';
import { logOf } from './function-log.ts';
import { lastResortMb } from './memory-limit.ts';
import type { SandboxCall, SandboxStart } from './sandbox-messages.ts';

/** What a sandbox starts its worker thread with, which runs `runtime.ts` and sleeps until it is woken. */
export interface SandboxOptions {
  readonly fn: FunctionResource;
  readonly environment: Readonly<Record<string, string>>;
  /** The module of `runtime-bundle.ts`. */
  readonly runtime: URL;
  readonly log: Log;
  /** Milliseconds by which its clock is ahead of the machine's. */
  readonly skewMs: number;
  readonly initLimitMs: number;
  /** The invocation during which it starts, if it starts during one. */
  readonly requestId?: string;
  /** Hears every line that the function prints. */
  readonly printed?: (line: string) => void;
}

/** What a sandbox is at work on before its first invocation. */
export const INIT = 'init';

/** Hands it an event, and wakes it. */
export function send(worker: Worker, wake: SandboxStart['wake'], call: SandboxCall): void {
  worker.postMessage(call, []);
  Atomics.add(wake, 0, 1);
  Atomics.notify(wake, 0);
}

/** Node's own status when it is given options it does not know. */
const BAD_OPTIONS_STATUS = 9;

/** A thread cannot begin with wrong `NODE_OPTIONS`, where a process would begin and exit at once. */
export function startWorker(options: SandboxOptions, wake: SandboxStart['wake']): Worker {
  try {
    return startRuntime(options, wake);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    logOf(options.log, options.fn, INIT, String(error), 'failure');
    return new Worker(`process.exit(${BAD_OPTIONS_STATUS})`, { eval: true, env: {}, execArgv: [] });
  }
}

function startRuntime(
  { fn, environment, runtime, skewMs }: SandboxOptions,
  wake: SandboxStart['wake'],
): Worker {
  const workerData: SandboxStart = {
    codeDirectory: fn.codeDirectory,
    handler: fn.handler,
    runtime: fn.runtime,
    functionArn: fn.arn,
    // What the developer has installed goes before what the emulator brings.
    sdkPlaces: [pathToFileURL(join(process.cwd(), 'index.js')).href, import.meta.url],
    skewMs,
    wake,
  };
  const worker = new Worker(runtime, {
    name: fn.name,
    workerData,
    env: { ...environment },
    argv: [],
    execArgv: [],
    // Read by nobody: what a function prints comes as reports, in order with its results.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: lastResortMb(fn.memoryMb) },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}
