import type { FunctionResource } from '../model.ts';

/**
 * Who may run at the same time: a function with reserved concurrency has that for itself, all others
 * share what is left of the account's. Not copied: how fast AWS lets a function scale (1,000
 * environments every 10 seconds), which no laptop reaches.
 */
export interface Concurrency {
  /** Takes a place for one invocation; false when there is none, which AWS calls throttled. */
  enter(fn: FunctionResource): boolean;
  leave(fn: FunctionResource): void;
}

export function createConcurrency(
  functions: readonly FunctionResource[],
  accountLimit: number,
): Concurrency {
  const reserved = functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
  const unreservedLimit = accountLimit - reserved;
  const running = new Map<string, number>();
  const poolOf = (fn: FunctionResource) =>
    fn.reservedConcurrency === undefined ? 'unreserved' : fn.arn;
  const count = (fn: FunctionResource) => running.get(poolOf(fn)) ?? 0;
  return {
    enter(fn) {
      if (count(fn) >= (fn.reservedConcurrency ?? unreservedLimit)) return false;
      running.set(poolOf(fn), count(fn) + 1);
      return true;
    },
    leave: (fn) => void running.set(poolOf(fn), count(fn) - 1),
  };
}
