import type { Writable } from 'node:stream';

import { billTable, type Cloud } from '../emulator/index.ts';

/** What runs, telling before it closes what AWS would bill for the run (`--meter`). */
export function tellingBill(
  running: { close(): Promise<void> },
  cloud: Pick<Cloud, 'bill'>,
  out: Writable,
): { close(): Promise<void> } {
  return {
    async close() {
      // Before anything else: what follows may be cut short, and closing costs nothing.
      out.write(`\n${billTable(cloud.bill())}`);
      await running.close();
    },
  };
}
