import { logOf } from './function-log.ts';
import { limitMemory } from './memory-limit.ts';
import {
  ENDED_BY_EMULATOR,
  exited,
  fatal,
  outOfMemory,
  type SandboxDeath,
  timeOut,
} from './sandbox-death.ts';
import type { SandboxReport } from './sandbox-messages.ts';
import { INIT, type SandboxOptions, send, startWorker } from './sandbox-thread.ts';
import type { FunctionError } from './function-error.ts';

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

export type SandboxResult =
  /** JSON; undefined when the handler returned nothing. */
  | { readonly outcome: 'returned'; readonly payload: string | undefined }
  | { readonly outcome: 'failed'; readonly error: FunctionError; readonly timedOut: boolean };

const endedQuietly = 'nothing was left to run, yet a promise had not settled; or it called exit(0)';

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
