import type { Clock } from '../clock.ts';

/**
 * The token bucket by which API Gateway throttles: `burst` tokens at most, `rate` new ones a second.
 * Here it is exact; AWS calls its own best effort.
 */
export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(): boolean;
}

export function createTokenBucket(clock: Clock, rate: number, burst: number): TokenBucket {
  let tokens = burst;
  let filledAt = clock.now();
  const fill = () => {
    const now = clock.now();
    if (now === filledAt) return;
    tokens = Math.min(burst, tokens + ((now - filledAt) * rate) / 1000);
    filledAt = now;
  };
  return {
    take() {
      if (rate === Number.POSITIVE_INFINITY) return true;
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
