import { describe, expect, test } from 'vitest';

import {
  hearUnread,
  listedUnread,
  mark,
  mentionCount,
  type Unread,
  unreadCount,
} from '../../../client/rooms/unread.ts';
import type { Entry } from '../../../protocol/entry.ts';
import { createRoomLog, type RoomLog } from '../support/room-log.ts';

/*
 * Goal: however a room is listed, heard and marked, it counts what the log has behind the mark.
 */

const LISTED = { id: 'lobby', name: 'Lobby', kind: 'private', role: 'member', online: 1 } as const;

/** As a server lists the room to somebody who has read up to `read`. */
function listedAt(log: RoomLog, read: number): Unread {
  const messages = log.page().filter(({ kind }) => kind === 'message');
  const last = messages.at(-1);
  return listedUnread({
    ...LISTED,
    head: log.head,
    read,
    unread: messages.filter(({ seq }) => seq > read).length,
    mentions: messages.filter(({ seq, mentions }) => seq > read && mentions?.includes('alice'))
      .length,
    ...(last === undefined ? {} : { last }),
  });
}

const hearAll = (state: Unread, entries: readonly Entry[]) =>
  entries.reduce((heard, entry) => hearUnread(heard, entry, 'alice'), state);

describe('unread', () => {
  test('[N4] counts messages that are heard after the list, and nothing else', () => {
    const log = createRoomLog('lobby');
    log.say('bob', 'one', 'u1');
    const listed = listedAt(log, 0);
    log.say('bob', 'two', 'u2');
    log.add('bob', { kind: 'reaction', target: 1, emoji: '👍' });
    log.say('bob', 'three', 'u3');
    expect(unreadCount(listed)).toBe(1);
    expect(unreadCount(hearAll(listed, log.page(2)))).toBe(3);
  });

  test('[N4] is as the server counts it, wherever the mark is and whatever was heard of it', () => {
    const log = createRoomLog('lobby');
    for (let index = 1; index <= 6; index += 1) log.say('bob', `text ${index}`, `u${index}`);
    for (let read = 0; read <= 6; read += 1) {
      for (let listed = 1; listed <= 6; listed += 1) {
        const early = createRoomLog('lobby');
        for (const { text = '', uuid } of log.page(1, listed)) early.say('bob', text, uuid);
        const state = hearAll(listedAt(early, Math.min(read, listed)), log.page(listed + 1));
        const n = log.page(read, read)[0]?.n;
        expect(unreadCount(mark(state, read, n))).toBe(6 - read);
      }
    }
  });

  test('[N2] a mark goes up only', () => {
    const log = createRoomLog('lobby');
    for (let index = 1; index <= 3; index += 1) log.say('bob', `text ${index}`, `u${index}`);
    const state = listedAt(log, 2);
    expect(mark(state, 1, 1)).toBe(state);
    expect(unreadCount(mark(state, 3, 3))).toBe(0);
  });

  test('[N5] a mention counts until it is read, edited away, or deleted', () => {
    const log = createRoomLog('lobby');
    log.say('bob', 'first', 'u1');
    const listed = listedAt(log, 1);
    const said = log.add('bob', { kind: 'message', text: '@alice?', mentions: ['alice'] });
    const mentioned = hearAll(listed, log.page(said.seq, said.seq));
    expect(mentionCount(mentioned)).toBe(1);
    expect(mentionCount(mark(mentioned, said.seq, said.n))).toBe(0);
    const edited = log.add('bob', { kind: 'edit', target: said.seq, text: 'nobody' });
    expect(mentionCount(hearUnread(mentioned, edited, 'alice'))).toBe(0);
    const gone = log.add('bob', { kind: 'delete', target: said.seq });
    expect(mentionCount(hearUnread(mentioned, gone, 'alice'))).toBe(0);
  });
});
