import { matchesPattern } from '../iam/pattern.ts';
import { FAULTS } from './catalogue.ts';
import type { Random } from './random.ts';
import type { ReadRule, When, Where } from './rule.ts';

/** Something that happens in the cloud and may go wrong. */
export interface Occurrence {
  /** What it happens to, in every name it has: construct path, name. The first is recorded. */
  readonly resources: readonly string[];
  readonly operation: string;
  /** The function that asked, in every name it has; absent: nobody's. */
  readonly functions?: readonly string[] | undefined;
  readonly connection?: string | undefined;
}

/** The operation of what a rule strikes at its moment. */
export const MOMENT = 'moment';

/** Counts the occurrences that one rule is about, and says which of them it strikes. */
export interface Trigger {
  /** Counts it, and answers its number when the fault is to happen, else undefined. */
  pull(occurrence: Occurrence): number | undefined;
}

/**
 * `stream` names the rule's chance. Each resource and operation has a chance and a count of draws of
 * its own, so that it does not matter in which order two of them are at work.
 */
export function createTrigger(options: {
  readonly rule: ReadRule;
  readonly stream: string;
  readonly random: Random;
  /** Milliseconds since the rule was added. */
  readonly elapsedMs: () => number;
}): Trigger {
  const { rule, random, elapsedMs } = options;
  const { where = {}, when = {} } = rule;
  const { operations } = FAULTS[rule.fault];
  const draws = new Map<string, number>();
  let count = 0;

  const lucky = ({ resources: [resource = ''], operation }: Occurrence) => {
    if (when.rate === undefined) return true;
    const stream = `${options.stream}\n${resource}\n${operation}`;
    const n = (draws.get(stream) ?? 0) + 1;
    draws.set(stream, n);
    return random.draw(stream, n) < when.rate;
  };
  return {
    pull(occurrence) {
      if (!isAbout(occurrence, where, when, operations)) return undefined;
      if (!isWithin(elapsedMs(), when)) return undefined;
      count += 1;
      // Drawn for every occurrence, so that a count changes nobody's luck.
      const drawn = lucky(occurrence);
      return drawn && isCounted(count, when) ? count : undefined;
    },
  };
}

function isAbout(
  { resources, operation, functions = [], connection }: Occurrence,
  where: Where,
  when: When,
  operations: readonly string[],
): boolean {
  if ((operation === MOMENT) !== (when.atMs !== undefined)) return false;
  if (operation !== MOMENT && operations.length > 0 && !operations.includes(operation))
    return false;
  return (
    names(where.resource, resources) &&
    (operation === MOMENT || names(where.operation, [operation])) &&
    names(where.function, functions) &&
    names(where.connection, connection === undefined ? [] : [connection])
  );
}

/** A path may be given without the `/Resource` that most of them end in. */
function names(pattern: string | undefined, texts: readonly string[]): boolean {
  if (pattern === undefined) return true;
  return texts.some(
    (text) =>
      matchesPattern(pattern, text) || matchesPattern(pattern, text.replace(/\/Resource$/, '')),
  );
}

function isWithin(elapsedMs: number, { afterMs = 0, untilMs = Infinity }: When): boolean {
  return elapsedMs >= afterMs && elapsedMs < untilMs;
}

function isCounted(count: number, { first = Infinity, every = 1, nth }: When): boolean {
  const listed = nth === undefined || [nth].flat().includes(count);
  return count <= first && count % every === 0 && listed;
}
