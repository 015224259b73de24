/** Who is in a room at which of its numbers, by its own log alone. */
import type { History, LogRow } from './history.ts';

export interface Memberships {
  /** Whether somebody is in at a number; who goes is in at the one that says so. */
  isIn(room: string, user: string, seq: number): boolean;
  /** The entries that brought somebody in. */
  joins(room: string, user: string): readonly LogRow[];
}

interface Stay {
  readonly join: LogRow;
  /** The number of the entry that ends it. */
  until: number;
}

export function createMemberships({ logs }: History): Memberships {
  const stays = new Map<string, Stay[]>();
  const at = (room: string, user: string) => {
    const key = JSON.stringify([room, user]);
    const own = stays.get(key) ?? [];
    stays.set(key, own);
    return own;
  };
  for (const row of [...logs.values()].flat()) {
    const { member } = row.content ?? {};
    if (member === undefined) continue;
    const own = at(row.room, member);
    const present = own.at(-1)?.until === Infinity ? own.at(-1) : undefined;
    if (row.kind === 'join' && present === undefined) own.push({ join: row, until: Infinity });
    if (row.kind === 'leave' && present !== undefined) present.until = row.seq;
  }
  return {
    isIn: (room, user, seq) =>
      at(room, user).some(({ join, until }) => join.seq <= seq && seq <= until),
    joins: (room, user) => at(room, user).map(({ join }) => join),
  };
}
