/** Rule L4: each entry's chain follows from the one before; reckoned here anew, not by the server's code. */
import { createHash } from 'node:crypto';

import { type Check, type LogRow } from '../history.ts';

export const chained: Check = ({ logs }) => {
  for (const log of logs.values()) {
    const at = log.findIndex((row, index) => row.chain !== link(log[index - 1]?.chain ?? '', row));
    const row = log[at];
    if (row === undefined) continue;
    const before = log[at - 1];
    const piece = before === undefined ? [row] : [before, row];
    return { check: 'L4', what: 'the chain is broken', piece };
  }
  return undefined;
};

function link(before: string, row: LogRow): string {
  const { room, seq, n, kind, user, uuid, timestamp, hash } = row;
  const own = JSON.stringify([room, seq, n, kind, user, uuid, timestamp, hash]);
  return createHash('sha256')
    .update(JSON.stringify([before, own]))
    .digest('base64url');
}
