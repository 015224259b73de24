import type { Clock } from '../clock.ts';
import type { BatchPlace, MappingFaults } from '../event-source/faults.ts';
import { laneOf } from '../event-source/lane.ts';
import {
  compareSequenceNumbers,
  sequenceNumberOf,
  type StreamRecord,
} from '../event-source/stream.ts';
import type { EventSourceMappingResource } from '../model.ts';
import type { FaultSource } from './faults.ts';
import type { Random } from './random.ts';
import type { ResourceNames } from './resources.ts';
import type { RuleAt } from './rule.ts';
import { MOMENT, type Occurrence } from './trigger.ts';

/**
 * What goes wrong between a stream and its function: a batch comes twice, earlier records come again,
 * the order is lost across items (never within one), all begins anew at TRIM_HORIZON, or nothing comes
 * for a while and grows old.
 */
export interface StreamFaultsOptions {
  readonly faults: FaultSource;
  readonly mappings: readonly EventSourceMappingResource[];
  readonly names: ResourceNames;
  readonly clock: Clock;
  /** The name of the table that a stream belongs to. */
  tableOf(streamArn: string): string | undefined;
  /** Starts a mapping over, as if it had been replaced. */
  replay(mappingPath: string): void;
}

/** Records of a lane that may be redelivered. */
const HISTORY_MAX = 1_000;

export function createStreamFaults(options: StreamFaultsOptions): MappingFaults {
  const { faults, names, clock } = options;
  const history = new Map<string, readonly StreamRecord[]>();
  const stalledUntil = new Map<string, number>();

  const at = (mapping: EventSourceMappingResource, operation: string): Occurrence => {
    const table = options.tableOf(mapping.streamArn);
    return {
      resources: [
        mapping.path,
        ...names.function(mapping.functionArn),
        ...(table === undefined ? [] : names.table(table)),
      ],
      operation,
    };
  };
  const replayIfTaken = (mapping: EventSourceMappingResource, operation: string) => {
    const rule = faults.take('replay', at(mapping, operation));
    if (rule !== undefined) options.replay(mapping.path);
  };
  faults.onMoment('replay', () => {
    for (const mapping of options.mappings) replayIfTaken(mapping, MOMENT);
  });

  /** Those before, in the same lane: another one may be at work on their items. */
  const earlier = (records: readonly StreamRecord[], { mapping, shardId }: BatchPlace) => {
    const [first] = records;
    if (first === undefined) return [];
    const key = `${mapping.path} ${shardId} ${laneOf(first, mapping.parallelizationFactor)}`;
    // After a replay, what came before once may be still to come.
    const before = (history.get(key) ?? []).filter(
      (record) => compareSequenceNumbers(sequenceNumberOf(record), sequenceNumberOf(first)) < 0,
    );
    history.set(key, [...before, ...records].slice(-HISTORY_MAX));
    return before;
  };
  const distort = (records: readonly StreamRecord[], place: BatchPlace) => {
    const { mapping } = place;
    const before = earlier(records, place);
    const items = new Set(records.map(itemOf)).size;
    const could = ({ fault }: RuleAt<'batch'>) =>
      fault === 'batch-redelivered' ? before.length > 0 : fault !== 'batch-reordered' || items > 1;
    const rule = faults.take('batch', at(mapping, 'batch'), could);
    switch (rule?.fault) {
      case 'batch-duplicated':
        return [records, records];
      case 'batch-redelivered':
        return [before.slice(-Math.min(rule.records, mapping.batchSize)), records];
      case 'batch-reordered':
        return [shuffle(records, faults.random)];
      case undefined:
        return [records];
      default:
        return rule satisfies never;
    }
  };

  return {
    stallMs({ mapping, shardId }) {
      if (!faults.any('stall')) return 0;
      const key = `${mapping.path} ${shardId}`;
      const rule = faults.take('stall', at(mapping, 'batch'));
      const until = Math.max(stalledUntil.get(key) ?? 0, clock.now() + (rule?.ms ?? 0));
      stalledUntil.set(key, until);
      return until - clock.now();
    },
    beforeInvoke(records, place) {
      if (faults.any('replay')) replayIfTaken(place.mapping, 'batch');
      return faults.any('batch') ? distort(records, place) : [records];
    },
  };
}

/** Engines give the attributes of a key in any order. */
const itemOf = ({ dynamodb: { Keys } }: StreamRecord) =>
  JSON.stringify(Object.entries(Keys).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Deals the records anew: each item's stay in their order, and take any places. */
function shuffle(records: readonly StreamRecord[], random: Random): readonly StreamRecord[] {
  const stream = `shuffle ${records.map(sequenceNumberOf).join(' ')}`;
  const places = records
    .map((record, index) => ({ item: itemOf(record), luck: random.draw(stream, index) }))
    .toSorted((a, b) => a.luck - b.luck);
  const queues = new Map(
    [...Map.groupBy(records, itemOf)].map(([item, own]) => [item, own.values()]),
  );
  return places.flatMap(({ item }) => queues.get(item)?.next().value ?? []);
}
