import type { FunctionError } from './function-error.ts';

/** What the emulator and the runtime inside a sandbox (a worker thread) tell one another. */

/** What a sandbox is started with. */
export interface SandboxStart {
  readonly codeDirectory: string;
  readonly handler: string;
  /** E.g. `nodejs24.x`. */
  readonly runtime: string;
  readonly functionArn: string;
  /** URLs of modules from whose places the SDK that AWS brings along is looked for, the first first. */
  readonly sdkPlaces: readonly string[];
  /** Milliseconds by which the function's clock is ahead. */
  readonly skewMs: number;
  /** One number, raised with every event: the thread sleeps until it changes. */
  readonly wake: Int32Array<SharedArrayBuffer>;
}

/** One event for the handler. */
export interface SandboxCall {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** When the time-out falls due, in milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** What a sandbox says; `broken` is its last word. */
export type SandboxReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'line'; readonly line: string; readonly stream: 'out' | 'err' }
  /** JSON; undefined when the handler returned nothing. */
  | { readonly kind: 'returned'; readonly payload: string | undefined }
  | { readonly kind: 'failed'; readonly error: FunctionError }
  | { readonly kind: 'broken'; readonly error: FunctionError };
