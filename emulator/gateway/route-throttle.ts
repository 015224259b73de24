import type { Clock } from '../clock.ts';
import type { Stage } from '../model.ts';
import type { TokenBucket } from './token-bucket.ts';
import { createTokenBucket } from './token-bucket.ts';

/**
 * The throttles of an API's stages: one bucket for each route of each stage, by the route's own
 * settings, else by the stage's default ones. A route that has neither has only the account's quota.
 */
export type RouteThrottle = (stage: Stage, routeKey: string) => boolean;

export function createRouteThrottle(clock: Clock): RouteThrottle {
  const buckets = new Map<string, TokenBucket>();
  return ({ name, throttle, routeThrottles }, routeKey) => {
    const own = routeThrottles?.get(routeKey) ?? throttle;
    if (own === undefined) return true;
    const key = `${name} ${routeKey}`;
    const bucket = buckets.get(key) ?? createTokenBucket(clock, own.rate, own.burst);
    buckets.set(key, bucket);
    return bucket.take();
  };
}
