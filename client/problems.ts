/** Tells problems, each kind no more than now and then: a server that lies does so all the time. */
import type { Clock } from './clock.ts';
import type { Problem } from './problem.ts';

/** Between two problems of the same code. */
export const PROBLEM_PAUSE_MS = 10_000;

export function createProblems(
  clock: Clock,
  tell: (problem: Problem) => void,
): (problem: Problem) => void {
  const toldAt = new Map<string, number>();
  return (problem) => {
    const now = clock.now();
    if (now - (toldAt.get(problem.code) ?? -Infinity) < PROBLEM_PAUSE_MS) return;
    toldAt.set(problem.code, now);
    tell(problem);
  };
}
