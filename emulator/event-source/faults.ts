/** What production does unasked, on request: a hook before every batch, for tests and seeded runs. */
import type { StreamRecord } from './stream.ts';

export interface MappingFaults {
  /**
   * The batches to invoke with, one after another, in place of this one. It may deliver records
   * twice or in another order, and MUST deliver each at least once: the shard waits for it.
   */
  beforeInvoke?(records: readonly StreamRecord[]): readonly (readonly StreamRecord[])[];
}
