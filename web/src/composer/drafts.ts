/**
 * What somebody began to write and did not send, for each room. It outlives a reload, not the tab: a
 * draft is nothing that should be found on a device later.
 */
const PREFIX = 'parley.draft.';

/** Characters of a draft that are kept; a message is shorter. */
const DRAFT_MAX_LENGTH = 16_000;

export interface Drafts {
  /** Empty when there is none. */
  read(room: string): string;
  /** An empty text forgets it. */
  keep(room: string, text: string): void;
  /** Forgets those of all rooms, of everybody. */
  clear(): void;
}

export function createDrafts(tab: Storage, user: string): Drafts {
  const key = (room: string) => `${PREFIX}${user}.${room}`;
  return {
    read: (room) => tab.getItem(key(room)) ?? '',
    keep(room, text) {
      if (text === '') tab.removeItem(key(room));
      else tab.setItem(key(room), text.slice(0, DRAFT_MAX_LENGTH));
    },
    clear() {
      const keys = Array.from({ length: tab.length }, (_, at) => tab.key(at) ?? '');
      for (const each of keys) if (each.startsWith(PREFIX)) tab.removeItem(each);
    },
  };
}
