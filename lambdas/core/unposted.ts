import type { Entry } from './entry.ts';
import type { Sequenced } from './sequence.ts';

/**
 * What of a batch is still to be told: what is new, and what an earlier sandbox numbered a moment ago and
 * may not have posted. Of what that one left undone longer ago nobody is told, but who came and who went
 * by it counts still: whoever was banned hears no more.
 */
export interface Unposted {
  of(room: string, sequenced: Sequenced): Promise<readonly Entry[]>;
  /** Everything up to this number is told. */
  told(room: string, seq: number): void;
}

/**
 * How long after it got its number an entry that comes a second time may still lack its posts: a
 * sandbox that died between the append and the posts is retried well within this. Milliseconds.
 */
const REPOST_WITHIN_MS = 60_000;

/** Rooms whose newest posted number is remembered; the longest unheard is forgotten first. */
const ROOMS_REMEMBERED = 10_000;

export function createUnposted(options: {
  /** Lets in or out who came or went, as things are now. */
  readonly settle: (entries: readonly Entry[]) => Promise<void>;
  readonly now: () => number;
}): Unposted {
  const { settle, now } = options;
  /** The newest number this sandbox has posted in each room; it saves repeats, and may be lost. */
  const heads = new Map<string, number>();
  return {
    async of(room, { fresh, known }) {
      const upTo = heads.get(room) ?? 0;
      const unposted = known
        .filter(({ seq }) => seq > upTo)
        .toSorted((one, other) => one.seq - other.seq);
      // Clocks of two sandboxes may disagree: all are told from the first that is due, or somebody would
      // come in by one of them and not go by the next.
      const due = unposted.findIndex(({ sequencedAt }) => now() - sequencedAt < REPOST_WITHIN_MS);
      const late = due === -1 ? unposted : unposted.slice(0, due);
      await settle(late);
      return [...unposted.slice(late.length), ...fresh];
    },
    told(room, seq) {
      heads.delete(room);
      heads.set(room, seq);
      const [longestUnheard] = heads.keys();
      if (heads.size > ROOMS_REMEMBERED && longestUnheard !== undefined) {
        heads.delete(longestUnheard);
      }
    },
  };
}
