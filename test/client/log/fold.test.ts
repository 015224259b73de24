import { describe, expect, test } from 'vitest';

import { fold } from '../../../client/log/fold.ts';
import type { Content } from '../../../protocol/content.ts';
import { createRoomLog } from '../support/room-log.ts';

/*
 * Goal: the client does to a message what the server does to it, also to one that shows already what is
 * applied. Method: the server's own code says what should come out (timeline.test.ts does it at random).
 */

function logOf(...contents: readonly Content[]) {
  const log = createRoomLog();
  log.add('bob', { kind: 'message', text: 'Old', mentions: ['alice'] });
  for (const content of contents) log.add('bob', content);
  const entries = log.page();
  const folded = entries.reduce((message, { seq }) => fold(message, log.told(seq)), log.told(1));
  return { log, folded, now: log.page(1, 1)[0] };
}

const edit = (text: string): Content => ({ kind: 'edit', target: 1, text });

const react = (emoji: string, remove?: true): Content => ({
  kind: 'reaction',
  target: 1,
  emoji,
  ...(remove === undefined ? {} : { remove }),
});

describe('a message', () => {
  test.each<[string, readonly Content[]]>([
    ['[X1] an edit', [edit('New')]],
    ['[X1] two edits', [edit('New'), edit('Newer')]],
    ['[X2] a delete', [edit('New'), { kind: 'delete', target: 1 }]],
    ['[X2] what comes after a delete', [{ kind: 'delete', target: 1 }, react('👍'), edit('New')]],
    ['[X3] reactions', [react('👍'), react('🎉'), react('👍')]],
    ['[X3] reactions taken away', [react('👍'), react('🎉'), react('👍', true)]],
    ['[X4] a pin', [{ kind: 'pin', target: 1, pinned: true }]],
    [
      '[X4] a pin taken away',
      [
        { kind: 'pin', target: 1, pinned: true },
        { kind: 'pin', target: 1, pinned: false },
      ],
    ],
    ['nothing that is about another', [{ kind: 'pin', target: 2, pinned: true }]],
  ])('becomes by %s what it is on the server', (_, contents) => {
    const { folded, now } = logOf(...contents);
    expect(folded).toEqual(now);
  });

  test('that shows an edit is not set back by an older one', () => {
    const { log, now } = logOf(edit('New'), edit('Newer'));
    expect(now && fold(now, log.told(2))).toBe(now);
  });

  test('stays the same object when nothing changes', () => {
    const { log, folded } = logOf({ kind: 'pin', target: 1, pinned: true }, react('👍', true));
    expect(fold(folded, log.told(2))).toBe(folded);
    expect(fold(folded, log.told(3))).toBe(folded);
  });

  test('[X2] takes the words of its edits with it', () => {
    const { log } = logOf(edit('Secret'), { kind: 'delete', target: 1 });
    expect(fold(log.told(2), log.told(3))).toEqual(log.page(2, 2)[0]);
  });
});
