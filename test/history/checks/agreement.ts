/** J3. A number of a room is one entry, in the log, in every frame, in every reply and on every screen. */
import {
  type Check,
  entriesOf,
  type HistoryEvent,
  identity,
  type LogRow,
  rowsOf,
} from '../history.ts';

export const agreement: Check = (history) => {
  const rows = new Map(rowsOf(history).map((row) => [identity(row.room, '', `${row.seq}`), row]));
  for (const event of history.events) {
    for (const told of toldBy(event)) {
      const row = rows.get(identity(told.room, '', `${told.seq}`));
      if (row !== undefined && differs(told, row)) {
        return { check: 'J3', what: `number ${told.seq} is another entry`, piece: [event, row] };
      }
    }
  }
  return undefined;
};

interface Told extends Pick<LogRow, 'room' | 'seq' | 'n' | 'user' | 'uuid'> {
  readonly kind?: string;
  readonly chain?: string;
}

const differs = ({ n, user, uuid, kind, chain }: Told, row: LogRow) =>
  n !== row.n ||
  user !== row.user ||
  uuid !== row.uuid ||
  (kind !== undefined && kind !== row.kind) ||
  (chain !== undefined && chain !== row.chain);

function toldBy(event: HistoryEvent): readonly Told[] {
  if (event.kind !== 'shown') {
    return entriesOf(event).map((entry) => ({ ...entry, user: entry.user.username }));
  }
  const { room } = event;
  return event.messages.flatMap(({ seq, n, user, uuid }) =>
    seq === undefined || n === undefined ? [] : [{ room, seq, n, user, uuid }],
  );
}
