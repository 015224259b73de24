import type { Cause } from './meter/cause.ts';

/**
 * An invocation of a function, as its callers see it (the gateway, an event source mapping, the
 * Invoke API): how it ended is a value, never an exception.
 */
export type InvocationResult =
  /** The handler returned; `payload` has been through JSON (undefined became null). */
  | { readonly outcome: 'returned'; readonly requestId: string; readonly payload: unknown }
  /** It threw, timed out, exited, or never loaded: AWS's "Unhandled". */
  | {
      readonly outcome: 'failed';
      readonly requestId: string;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace?: readonly string[];
      readonly timedOut: boolean;
    }
  /** No sandbox was free within the function's concurrency. */
  | { readonly outcome: 'throttled'; readonly requestId: string }
  /** No such function. */
  | { readonly outcome: 'missing'; readonly requestId: string };

/** Who asks; a service must be permitted by an `AWS::Lambda::Permission`. */
export type Invoker = {
  /** On whose account the meter puts the invocation; default: the function's own. */
  readonly cause?: Cause;
} & (
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string }
  /** Calls that IAM has already judged: the Invoke API, and event source mappings. */
  | { readonly kind: 'authorized' }
);

/**
 * Invokes a function by ARN or name and waits for its end. `denied`: no permission lets this service
 * in, which AWS answers like a failed function.
 */
export type Invoke = (
  functionArn: string,
  event: unknown,
  invoker: Invoker,
) => Promise<InvocationResult | { readonly outcome: 'denied'; readonly requestId: string }>;
