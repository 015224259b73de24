/**
 * Makes a failing plan smaller while it still fails: without each of its rules, without ever smaller
 * parts of its actions. Races make some failures rare, so a smaller plan has several tries to fail.
 */
import type { Plan } from './plan.ts';

const ATTEMPTS_MAX = 60;
const TIME_MAX_MS = 90_000;
const TRIES = 2;

export async function shrink(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
): Promise<{ readonly plan: Plan; readonly attempts: number }> {
  let attempts = 0;
  const until = performance.now() + TIME_MAX_MS;
  const isOver = () => attempts >= ATTEMPTS_MAX || performance.now() > until;
  const still = async (candidate: Plan) => {
    for (let tries = 0; tries < TRIES && !isOver(); tries += 1) {
      attempts += 1;
      if (await fails(candidate)) return true;
    }
    return false;
  };
  let smallest = plan;
  for (const part of ['faults', 'actions'] as const) {
    for (let size = Math.ceil(smallest[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < smallest[part].length;) {
        const candidate = { ...smallest, [part]: smallest[part].toSpliced(from, size) };
        if (await still(candidate)) smallest = candidate;
        else from += size;
      }
    }
  }
  return { plan: smallest, attempts };
}
