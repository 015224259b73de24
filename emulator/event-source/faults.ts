/** What production does unasked, on request: the mapping's hooks before every batch. */
import type { EventSourceMappingResource } from '../model.ts';
import type { StreamRecord } from './stream.ts';

export interface MappingFaults {
  /** Milliseconds of the clock's time for which nothing comes of the shard; 0: it comes now. */
  stallMs?(at: BatchPlace): number;
  /**
   * The batches to invoke with, one after another, in place of this one. It may deliver records
   * twice or in another order, and MUST deliver each at least once: the shard waits for it.
   */
  beforeInvoke?(
    records: readonly StreamRecord[],
    at: BatchPlace,
  ): readonly (readonly StreamRecord[])[];
}

/** Where a batch comes from. */
export interface BatchPlace {
  readonly mapping: EventSourceMappingResource;
  readonly shardId: string;
}
