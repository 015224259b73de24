import type { Message, Notice, Room } from '../client/index.ts';

/**
 * What has happened in a room since it was looked at last: the messages that are new, that were changed
 * or that failed, and who came or went. A room is shown by its state; a terminal, and a script, by what
 * is added to it.
 */
export type Happening =
  | {
      readonly type: 'message' | 'edited' | 'deleted' | 'failed';
      readonly room: string;
      readonly message: Message;
    }
  | { readonly type: 'notice'; readonly room: string; readonly notice: Notice }
  /** So many messages were said while there was no connection, too many to be shown one by one. */
  | { readonly type: 'gap'; readonly room: string; readonly messages: number };

export interface Happenings {
  /** Each happening once. What is older than what was told already is not told: it was asked for. */
  of(room: Room): readonly Happening[];
}

/** Messages of a room whose state is remembered; a change of an older one is not told. */
const REMEMBERED = 1_000;

export function createHappenings(): Happenings {
  /** What was told of each message, by its key. */
  const told = new Map<string, Told>();
  /** The newest told. */
  const newest = { seq: 0, n: 0, notice: 0 };

  const ofMessage = (room: string, message: Message): readonly Happening[] => {
    const { key, seq, n = 0, state } = message;
    const before = told.get(key);
    const isUnsent = seq === undefined;
    if (isUnsent ? state !== 'failed' : before === undefined && seq <= newest.seq) return [];
    const now: Told = { isUnsent, text: message.text, deleted: message.deleted };
    if (before !== undefined && same(before, now)) return [];
    told.delete(key);
    told.set(key, now);
    const missing = newest.n === 0 || n <= newest.n + 1 ? 0 : n - newest.n - 1;
    newest.seq = Math.max(newest.seq, seq ?? 0);
    newest.n = Math.max(newest.n, n);
    const gap: readonly Happening[] = missing > 0 ? [{ type: 'gap', room, messages: missing }] : [];
    return [...gap, { type: typeOf(before, now), room, message }];
  };

  const forgetOldest = () => {
    for (const key of told.keys()) {
      if (told.size <= REMEMBERED) break;
      told.delete(key);
    }
  };

  return {
    of({ id: room, messages, notices }) {
      const said = messages.flatMap((message) => ofMessage(room, message));
      const noticed = notices
        .filter(({ seq }) => seq > newest.notice)
        .map((notice): Happening => ({ type: 'notice', room, notice }));
      newest.notice = Math.max(newest.notice, ...notices.map(({ seq }) => seq));
      forgetOldest();
      return merged(said, noticed);
    },
  };
}

interface Told {
  readonly isUnsent: boolean;
  readonly text: string;
  readonly deleted: boolean;
}

const same = (a: Told, b: Told) =>
  a.isUnsent === b.isUnsent && a.text === b.text && a.deleted === b.deleted;

function typeOf(before: Told | undefined, now: Told): 'message' | 'edited' | 'deleted' | 'failed' {
  if (now.isUnsent) return 'failed';
  if (before === undefined || before.isUnsent) return 'message';
  return now.deleted ? 'deleted' : 'edited';
}

/** Notices between the messages, by their numbers; a gap stays before what is behind it. */
function merged(said: readonly Happening[], noticed: readonly Happening[]): readonly Happening[] {
  const happened: Happening[] = [];
  const left = [...noticed];
  for (const one of said) {
    const seq = one.type !== 'notice' && one.type !== 'gap' ? (one.message.seq ?? Infinity) : 0;
    while (left[0]?.type === 'notice' && left[0].notice.seq < seq)
      happened.push(...left.splice(0, 1));
    happened.push(one);
  }
  return [...happened, ...left];
}
