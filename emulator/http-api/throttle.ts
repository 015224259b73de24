import { createTokenBucket } from '../gateway/token-bucket.ts';
import type { TokenBucket } from '../gateway/token-bucket.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';

/** One bucket for each route of each stage, as AWS's default route settings mean it. */
export function createThrottle({
  clock,
}: Pick<HttpApiContext, 'clock'>): (exchange: Exchange) => boolean {
  const buckets = new Map<string, TokenBucket>();
  return ({ stage: { name, throttle }, route }) => {
    if (throttle === undefined) return true;
    const key = `${name} ${route.routeKey}`;
    const bucket = buckets.get(key) ?? createTokenBucket(clock, throttle.rate, throttle.burst);
    buckets.set(key, bucket);
    return bucket.take();
  };
}
