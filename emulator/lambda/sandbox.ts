import { Worker } from 'node:worker_threads';

import type { Log } from '../log.ts';
import type { FunctionResource } from '../model.ts';
import type { FunctionError } from './function-error.ts';
import { logOf } from './function-log.ts';
import { lastResortMb, limitMemory } from './memory-limit.ts';
import type { SandboxCall, SandboxReport, SandboxStart } from './runtime.ts';

/**
 * An execution environment of a function: a worker thread that runs `runtime.ts`, handles one
 * invocation at a time and is frozen between them. A thread whose init fails, that exits, runs out of
 * memory or over its time-out is gone; a handler that only threw lives on.
 *
 * An init that takes too long ends the thread; what AWS does then is in `second-init.ts`.
 */
export interface Sandbox {
  /** Resolves when init is over, well or not. */
  readonly ready: Promise<void>;
  /** Milliseconds that init took; 0 until it is over. */
  initMs(): number;
  /** False once it can take no more invocations. */
  alive(): boolean;
  /** How it ended; undefined while it lives. */
  death(): SandboxDeath | undefined;
  /**
   * Runs the handler with an event in JSON. One at a time, and only when `ready`; if init failed, so does
   * this. `spentMs`: of the function's time, before this; default 0.
   */
  invoke(event: string, requestId: string, spentMs?: number): Promise<SandboxResult>;
  /** What it is, or last was, at work on: a request id, before the first one `INIT`. */
  phase(): string;
  /** The access key that only this sandbox signs with. */
  readonly accessKeyId: string;
  /** Ends it, and with this what is under way; default: the emulator's own end. */
  terminate(death?: SandboxDeath): Promise<void>;
}

/** What an invocation comes to when its sandbox dies of it. */
export interface SandboxDeath {
  readonly error: FunctionError;
  readonly timedOut: boolean;
}

export type SandboxResult =
  /** JSON; undefined when the handler returned nothing. */
  | { readonly outcome: 'returned'; readonly payload: string | undefined }
  | { readonly outcome: 'failed'; readonly error: FunctionError; readonly timedOut: boolean };

/** What a sandbox is at work on before its first invocation. */
export const INIT = 'init';

const endedQuietly = 'nothing was left to run, yet a promise had not settled; or it called exit(0)';

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

export function startSandbox(options: SandboxOptions): Sandbox {
  const { fn, log, environment, skewMs } = options;
  const wake = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = startWorker(options, wake);
  const startedAt = performance.now();
  const init = Promise.withResolvers<void>();
  let initMs: number | undefined;
  let death: SandboxDeath | undefined;
  /** What is under way: init, or the invocation of this request id. */
  let phase = options.requestId ?? INIT;
  let timer: NodeJS.Timeout | undefined;
  let settle: (result: SandboxResult) => void = () => {};

  const begin = (id: string, limitMs: number) => {
    phase = id;
    memory.watch();
    timer = setTimeout(() => void stop(timeOut(id, fn), true), limitMs);
  };
  const finish = (result?: SandboxResult) => {
    clearTimeout(timer);
    memory.rest();
    if (result !== undefined) settle(result);
  };
  const endInit = () => {
    initMs ??= performance.now() - startedAt;
    finish();
    init.resolve();
  };
  /** What is under way ends with this error, and the sandbox with it. */
  const end = (error: FunctionError, timedOut = false) => {
    death ??= { error, timedOut };
    endInit();
    finish({ outcome: 'failed', ...death });
  };
  const stop = (error: FunctionError, timedOut = false) => {
    end(error, timedOut);
    return worker.terminate();
  };
  const memory = limitMemory(worker, fn.memoryMb, () => void stop(outOfMemory(phase)));
  const hear: Hear = {
    ready: endInit,
    line: ({ line, stream }) => print(options, phase, line, stream),
    returned: ({ payload }) => finish({ outcome: 'returned', payload }),
    failed: ({ error }) => finish({ outcome: 'failed', error, timedOut: false }),
    broken: ({ error }) => end(error),
  };
  worker.on('message', (report: SandboxReport) => hear[report.kind](report as never));
  worker.on('error', (error) => end(fatal(phase, error)));
  worker.on('exit', (code) => {
    if (code === 0 && death === undefined) logOf(log, fn, phase, endedQuietly, 'failure');
    end(exited(phase, code));
  });
  begin(phase, options.initLimitMs);

  return {
    ready: init.promise,
    initMs: () => initMs ?? 0,
    alive: () => death === undefined,
    death: () => death,
    phase: () => phase,
    async invoke(event, requestId, spentMs = 0) {
      if (death !== undefined) return { outcome: 'failed', ...death };
      const result = new Promise<SandboxResult>((resolve) => (settle = resolve));
      const limitMs = Math.max(0, fn.timeoutSeconds * 1_000 - spentMs);
      begin(requestId, limitMs);
      send(worker, wake, { requestId, event, deadlineMs: Date.now() + skewMs + limitMs });
      return result;
    },
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    async terminate({ error, timedOut } = ENDED_BY_EMULATOR) {
      await stop(error, timedOut);
    },
  };
}

/** Says a line of the function's log. */
export function print(
  { fn, log, printed }: SandboxOptions,
  phase: string,
  line: string,
  kind: 'out' | 'err',
): void {
  printed?.(line);
  logOf(log, fn, phase, line, kind);
}

/** What to do for each kind of report. */
type Hear = {
  readonly [Kind in SandboxReport['kind']]: (
    report: Extract<SandboxReport, { readonly kind: Kind }>,
  ) => void;
};

function send(worker: Worker, wake: SandboxStart['wake'], call: SandboxCall): void {
  worker.postMessage(call, []);
  Atomics.add(wake, 0, 1);
  Atomics.notify(wake, 0);
}

function startWorker(
  { fn, environment, runtime, skewMs }: SandboxOptions,
  wake: SandboxStart['wake'],
): Worker {
  const workerData: SandboxStart = {
    codeDirectory: fn.codeDirectory,
    handler: fn.handler,
    runtime: fn.runtime,
    functionArn: fn.arn,
    emulatorModule: import.meta.url,
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

const ENDED_BY_EMULATOR: SandboxDeath = {
  error: { errorType: 'Sandbox.Terminated', errorMessage: 'the emulator ended it' },
  timedOut: false,
};

/** A death that is not its handler's doing. */
export function deathBy(
  how: 'crash' | 'time-out' | 'out-of-memory',
  requestId: string,
  fn: FunctionResource,
): SandboxDeath {
  switch (how) {
    case 'crash':
      return { error: exited(requestId, 1), timedOut: false };
    case 'time-out':
      return { error: timeOut(requestId, fn), timedOut: true };
    case 'out-of-memory':
      return { error: outOfMemory(requestId), timedOut: false };
    default:
      return how satisfies never;
  }
}

function timeOut(requestId: string, { timeoutSeconds }: FunctionResource): FunctionError {
  const seconds = timeoutSeconds.toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

function exited(requestId: string, code: number): FunctionError {
  const how = code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${how}`,
  };
}

/** What ends a thread without its runtime's word. */
function fatal(requestId: string, error: Error): FunctionError {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return outOfMemory(requestId);
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${error.message}`,
  };
}

function outOfMemory(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  };
}
