import type { EventSourceMappingResource } from '../model.ts';
import { functionName } from './process-batch.ts';

/**
 * Who reads the same stream: what AWS says of two mappings with the same function, and of more readers
 * than a shard has places for. Readers outside of the template are not counted.
 */

/** Readers of a shard at the same time, beyond which AWS throttles them all. */
const READERS_MAX_COUNT = 2;

/** Why AWS would not make a mapping beside those made before it; undefined when it would. */
export function duplicateRefusal(
  mapping: EventSourceMappingResource,
  before: readonly EventSourceMappingResource[],
): string | undefined {
  const same = before.find(
    ({ streamArn, functionArn }) =>
      streamArn === mapping.streamArn && functionArn === mapping.functionArn,
  );
  if (same === undefined) return undefined;
  return `ResourceConflictException: ${same.path} maps the same stream to the same function`;
}

/** One line for each stream that has more readers than AWS lets have their pace. */
export function crowdedStreams(mappings: readonly EventSourceMappingResource[]): string[] {
  const byStream = Map.groupBy(
    mappings.filter(({ enabled }) => enabled),
    ({ streamArn }) => streamArn,
  );
  return [...byStream].flatMap(([streamArn, readers]) => {
    if (readers.length <= READERS_MAX_COUNT) return [];
    const names = readers.map(({ functionArn }) => functionName(functionArn)).join(', ');
    return [
      `${readers.length} functions read ${streamArn} (${names}): ` +
        `AWS throttles more than ${READERS_MAX_COUNT} readers of a shard`,
    ];
  });
}
