import { setTimeout as sleep } from 'node:timers/promises';

import { createEndpoint, type Endpoint, serviceUrl } from './endpoint.ts';

/** Starts functions that nobody waits for: Lambda's asynchronous invocation. */
export interface Lambda {
  /**
   * Answers when Lambda has taken the event, of at most `EVENT_MAX_BYTES` as JSON; throws when it does
   * not after a few tries.
   */
  start(functionName: string, event: object): Promise<void>;
}

/** Bytes of an event that nobody waits for. AWS is said to take 1 MB by now; nobody has measured it. */
export const EVENT_MAX_BYTES = 256 * 1_024;

const ATTEMPT_TIMEOUT_MS = 2_000;
const ATTEMPTS = 4;
/** Full jitter: the n-th wait is anything up to this times 2ⁿ. */
const BACKOFF_MS = 25;

/** An answer that is lost may start a function twice, which those we start bear. */
export function createLambda(
  endpoint: Endpoint = createEndpoint({
    url: serviceUrl('lambda'),
    service: 'lambda',
    maxSockets: 16,
  }),
): Lambda {
  const attempt = async (functionName: string, body: string) => {
    try {
      const { status } = await endpoint.request({
        method: 'POST',
        path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
        headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
        body,
        timeoutMs: ATTEMPT_TIMEOUT_MS,
      });
      return status;
    } catch {
      // A broken connection is worth another try, as a fault on AWS's side is.
      return 503;
    }
  };

  return {
    async start(functionName, event) {
      const body = JSON.stringify(event);
      for (let tried = 1; ; tried += 1) {
        const status = await attempt(functionName, body);
        if (status === 202) return;
        const isWorthAnother = status === 429 || status >= 500;
        if (!isWorthAnother || tried === ATTEMPTS) throw new Error(`Lambda answered ${status}`);
        await sleep(Math.random() * BACKOFF_MS * 2 ** tried);
      }
    },
  };
}
