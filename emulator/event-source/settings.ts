/**
 * What AWS would refuse about a mapping when it is deployed, said before anything runs: numbers out
 * of their range, and filter patterns that cannot be read.
 */
import type { EventSourceMappingResource } from '../model.ts';
import { outside } from '../range.ts';
import { parsePattern, type Pattern } from './filter.ts';

const MAX_BATCH_SIZE = 10_000;
const MAX_BATCHING_WINDOW_SECONDS = 300;
const MAX_PARALLELIZATION_FACTOR = 10;
const MAX_RETRY_ATTEMPTS = 10_000;
const MIN_RECORD_AGE_SECONDS = 60;
const MAX_RECORD_AGE_SECONDS = 604_800;
/** Unless AWS was asked for more, of which it gives ten. */
const MAX_FILTERS = 5;
const WITHOUT_LIMIT = -1;

/** One line for people, beginning with the mapping's path; undefined when all is well. */
export function mappingProblem(
  mapping: EventSourceMappingResource,
  filterLimit = MAX_FILTERS,
): string | undefined {
  const problem = rangeProblem(mapping) ?? filterProblem(mapping, filterLimit);
  return problem === undefined ? undefined : `${mapping.path}: ${problem}`;
}

/** The patterns of a mapping that has no problem. */
export function patternsOf(mapping: EventSourceMappingResource): readonly Pattern[] {
  return mapping.filters.flatMap((text) => {
    const parsed = parsePattern(text);
    return 'pattern' in parsed ? [parsed.pattern] : [];
  });
}

function filterProblem({ filters }: EventSourceMappingResource, limit: number): string | undefined {
  if (filters.length > limit) return `it has ${filters.length} filters, and may have ${limit}`;
  for (const text of filters) {
    const parsed = parsePattern(text);
    if ('error' in parsed) return parsed.error;
  }
  return undefined;
}

function rangeProblem(mapping: EventSourceMappingResource): string | undefined {
  const { maximumRetryAttempts: retries, maximumRecordAgeSeconds: age } = mapping;
  const { batchingWindowSeconds: window, parallelizationFactor: factor } = mapping;
  return (
    outside('BatchSize', mapping.batchSize, 1, MAX_BATCH_SIZE) ??
    outside('MaximumBatchingWindowInSeconds', window, 0, MAX_BATCHING_WINDOW_SECONDS) ??
    outside('ParallelizationFactor', factor, 1, MAX_PARALLELIZATION_FACTOR) ??
    outside('MaximumRetryAttempts', retries, WITHOUT_LIMIT, MAX_RETRY_ATTEMPTS) ??
    (age === WITHOUT_LIMIT
      ? undefined
      : outside('MaximumRecordAgeInSeconds', age, MIN_RECORD_AGE_SECONDS, MAX_RECORD_AGE_SECONDS))
  );
}
