import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createTokenBucket } from './token-bucket.ts';

/**
 * What API Gateway grants an account in a region, all its APIs together (aws.md e): new connections,
 * and requests of any kind, which are messages in, calls of @connections, handshakes and requests of
 * HTTP APIs. Time is the cloud's, so a clock that runs faster grants more.
 *
 * What is beyond is refused at its place; here it is said, once a second and not once a request.
 */
export interface AccountThrottle {
  /** Takes one new connection; false when there is none left. */
  readonly takeConnection: () => boolean;
  /** Takes one request; false when there is none left. */
  readonly takeRequest: () => boolean;
}

export interface AccountQuotas {
  /** New connections a second, and the burst of them. AWS: 500. */
  readonly connectionsPerSecond: number;
  /** Requests a second. AWS: 10,000. */
  readonly requestsPerSecond: number;
  /** Requests at once. AWS: 5,000. */
  readonly requestBurst: number;
}

export const AWS_QUOTAS: AccountQuotas = {
  connectionsPerSecond: 500,
  requestsPerSecond: 10_000,
  requestBurst: 5_000,
};

/** `aws`: what a new account has; `off`: no quota; else the quotas of your account, the rest AWS's. */
export type Quotas = 'aws' | 'off' | Partial<AccountQuotas>;

/** Refuses nothing. */
export const UNTHROTTLED: AccountThrottle = {
  takeConnection: () => true,
  takeRequest: () => true,
};

export function createAccountThrottle(options: {
  readonly quotas: Quotas;
  readonly clock: Clock;
  readonly log: Log;
}): AccountThrottle {
  const { quotas, clock, log } = options;
  if (quotas === 'off') return UNTHROTTLED;
  const own = quotas === 'aws' ? AWS_QUOTAS : { ...AWS_QUOTAS, ...quotas };
  const { connectionsPerSecond, requestsPerSecond, requestBurst } = own;
  const quota = (rate: number, burst: number, words: string) => {
    const bucket = createTokenBucket(clock, rate, burst);
    const tell = createRefusalLine(clock, log, words);
    return () => bucket.take() || tell();
  };
  const connections = `${connectionsPerSecond} new connections a second`;
  const requests = `${requestsPerSecond} requests a second (burst ${requestBurst})`;
  return {
    takeConnection: quota(connectionsPerSecond, connectionsPerSecond, connections),
    takeRequest: quota(requestsPerSecond, requestBurst, requests),
  };
}

const SECOND_MS = 1_000;

/** Counts refusals, and says the first of each second; answers false, as a refusal is. */
function createRefusalLine(clock: Clock, log: Log, words: string): () => false {
  let saidAt = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return () => {
    const now = clock.now();
    if (now - saidAt < SECOND_MS) {
      unsaid += 1;
      return false;
    }
    const more = unsaid === 0 ? '' : `, ${unsaid} more refused since the last line`;
    log('emulator', `the account's quota of ${words} is used up${more}; --quotas off lifts it`);
    saidAt = now;
    unsaid = 0;
    return false;
  };
}
