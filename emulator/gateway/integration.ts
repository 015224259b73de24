import type { CallingApi } from './api-context.ts';
import { executeApiArn, routeCause } from './api-context.ts';

/** How a function behind the gateway ended, as far as the gateway tells its ways apart. */
export type IntegrationResult =
  | { readonly outcome: 'returned'; readonly payload: unknown }
  /** It threw, crashed or exceeded its own time limit. */
  | { readonly outcome: 'failed'; readonly errorMessage: string }
  /** It did not end within the integration's time limit; it goes on, and nobody hears its answer. */
  | { readonly outcome: 'timedOut' }
  /** It never ran: not permitted, throttled, or not there. */
  | { readonly outcome: 'unavailable' };

/** One call of a function by the gateway. */
export interface IntegrationCall {
  readonly functionArn: string;
  readonly event: unknown;
  readonly timeoutMs: number;
  /** What calls, as permissions have it: `<stage>/<routeKey>` or `authorizers/<id>`. */
  readonly source: string;
  /** The route on whose account it is. */
  readonly routeKey: string;
}

/** Calls a function and waits for its end or for the time limit, whichever is first. */
export async function callFunction(
  context: CallingApi,
  call: IntegrationCall,
): Promise<IntegrationResult> {
  let cancel = () => {};
  const timeLimit = new Promise<IntegrationResult>((resolve) => {
    cancel = context.clock.after(call.timeoutMs, () => resolve({ outcome: 'timedOut' }));
  });
  try {
    const result = await Promise.race([invoke(context, call), timeLimit]);
    if (result.outcome === 'timedOut') {
      context.log(context.api.path, `${call.source}: no answer within ${call.timeoutMs} ms`);
    }
    return result;
  } finally {
    cancel();
  }
}

async function invoke(context: CallingApi, call: IntegrationCall): Promise<IntegrationResult> {
  const sourceArn = executeApiArn(context, call.source);
  const result = await context.invoke(call.functionArn, call.event, {
    kind: 'service',
    service: 'apigateway.amazonaws.com',
    sourceArn,
    cause: routeCause(context, call.routeKey),
  });
  if (result.outcome === 'returned') return { outcome: 'returned', payload: result.payload };
  if (result.outcome === 'failed') return { outcome: 'failed', errorMessage: result.errorMessage };
  context.log(context.api.path, unavailable(result.outcome, call, sourceArn));
  return { outcome: 'unavailable' };
}

function unavailable(
  outcome: 'throttled' | 'missing' | 'denied',
  { source, functionArn }: IntegrationCall,
  sourceArn: string,
): string {
  const why = {
    denied: `no AWS::Lambda::Permission lets ${sourceArn} invoke ${functionArn}`,
    throttled: `${functionArn} has no concurrency left`,
    missing: `there is no function ${functionArn}`,
  };
  return `${source}: ${why[outcome]}`;
}
