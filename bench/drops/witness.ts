/**
 * What one client should have seen, what it saw, and how long it took to see what it missed while its
 * network was down. Pure: times come from outside, in milliseconds of any clock.
 */
export interface Witness {
  /** Something was said in the room. */
  said(id: string, at: number): void;
  /** The client shows it, for the first time or again. */
  shown(id: string, at: number): void;
  /** The network holds again. */
  restored(at: number): void;
  /** The first connection since then is made: what was said until now and is not shown was missed. */
  reconnected(at: number): void;
  result(confirmed: ReadonlySet<string>): Seen;
}

export interface Seen {
  readonly expected: number;
  readonly delivered: number;
  readonly duplicates: number;
  /** Of what is shown: from when it was said. */
  readonly latencyMs: readonly number[];
  /** Breaks after which something was missing. */
  readonly gaps: number;
  /** Of the gaps that were closed: from the new connection until the last missed message was shown. */
  readonly replayMs: readonly number[];
  /** The same from the network's return, the wait before the next attempt included. */
  readonly recoveryMs: readonly number[];
}

interface Gap {
  readonly missed: Set<string>;
  readonly restoredAt: number;
  readonly reconnectedAt: number;
}

export function createWitness(): Witness {
  /** When what is not shown was said. */
  const unseen = new Map<string, number>();
  const seen = new Set<string>();
  const latencyMs: number[] = [];
  const replayMs: number[] = [];
  const recoveryMs: number[] = [];
  let duplicates = 0;
  let gaps = 0;
  let restoredAt: number | undefined;
  let gap: Gap | undefined;

  return {
    said(id, at) {
      if (!seen.has(id)) unseen.set(id, at);
    },
    shown(id, at) {
      if (seen.has(id)) duplicates += 1;
      seen.add(id);
      const saidAt = unseen.get(id);
      if (saidAt !== undefined) latencyMs.push(at - saidAt);
      unseen.delete(id);
      if (gap?.missed.delete(id) !== true || gap.missed.size > 0) return;
      replayMs.push(at - gap.reconnectedAt);
      recoveryMs.push(at - gap.restoredAt);
      gap = undefined;
    },
    restored(at) {
      restoredAt = at;
    },
    reconnected(at) {
      if (restoredAt === undefined || unseen.size === 0) return;
      // Cut off again before the last gap was closed: it is still the same, and has only grown.
      const began = gap ?? { restoredAt, reconnectedAt: at };
      if (gap === undefined) gaps += 1;
      gap = { ...began, missed: new Set(unseen.keys()) };
      restoredAt = undefined;
    },
    result: (confirmed) => ({
      expected: confirmed.size,
      delivered: [...confirmed].filter((id) => seen.has(id)).length,
      duplicates,
      latencyMs,
      gaps,
      replayMs,
      recoveryMs,
    }),
  };
}

/** All that several clients saw. */
export function together(seen: readonly Seen[]): Seen {
  const sum = (of: (one: Seen) => number) => seen.reduce((total, one) => total + of(one), 0);
  return {
    expected: sum(({ expected }) => expected),
    delivered: sum(({ delivered }) => delivered),
    duplicates: sum(({ duplicates }) => duplicates),
    latencyMs: seen.flatMap(({ latencyMs }) => latencyMs),
    gaps: sum(({ gaps }) => gaps),
    replayMs: seen.flatMap(({ replayMs }) => replayMs),
    recoveryMs: seen.flatMap(({ recoveryMs }) => recoveryMs),
  };
}
