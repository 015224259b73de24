import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { effectOf, effectsOf, targetOf } from '../../../lambdas/core/effects.ts';
import type { Entry, MessageState } from '../../../lambdas/core/entry.ts';
import type { Content } from '../../../protocol/content.ts';
import { entryAt, entrySaying, erase } from './memory-log.ts';

const message: Content = {
  kind: 'message',
  text: 'helo',
  reply_to: 1,
  mentions: ['bob'],
  meta: { color: 'red' },
};
const target = entrySaying(2, message);
const withState = (state: MessageState): Entry => ({ ...target, state });

/** The message after entries of these contents, one after another; and what of them was appended. */
function after(message_: Entry, ...contents: readonly (Content | [user: string, Content])[]) {
  const rows = new Map([[message_.seq, message_]]);
  const appended = contents.map((said, index) => {
    const [user, content] = Array.isArray(said) ? said : ['ann', said];
    const entry = entrySaying(10 + index, content, { user });
    const row = rows.get(message_.seq);
    const edits = (row?.state?.edits ?? []).flatMap((seq) => rows.get(seq) ?? []);
    const effect = effectOf(entry, row, content.kind === 'delete' ? edits : []);
    rows.set(effect.entry.seq, effect.entry);
    for (const changed of effect.changed) rows.set(changed.seq, changed);
    return effect.entry;
  });
  return { message: rows.get(message_.seq), rows, appended };
}

const edit = (text: string, mentions?: string[]): Content => ({
  kind: 'edit',
  target: 2,
  text,
  ...(mentions === undefined ? {} : { mentions }),
});
const remove: Content = { kind: 'delete', target: 2 };
const react = (emoji: string): Content => ({ kind: 'reaction', target: 2, emoji });
const unreact = (emoji: string): Content => ({ ...react(emoji), remove: true }) as Content;
const pin = (pinned = true): Content => ({ kind: 'pin', target: 2, pinned });

describe('what an entry is about', () => {
  test.each([edit('x'), remove, react('👍'), pin()])('is the target of %j', (content) => {
    expect(targetOf(entrySaying(9, content))).toBe(2);
  });

  test('is nothing of a message, though it answers one, nor of who came', () => {
    expect(targetOf(target)).toBeUndefined();
    expect(targetOf(entrySaying(9, { kind: 'join', member: 'bob' }))).toBeUndefined();
  });

  test('is no longer known once its words are erased', () => {
    expect(targetOf(erase(entrySaying(9, edit('x'))))).toBeUndefined();
  });
});

describe('[X1] an edit', () => {
  test('replaces the text, keeps what else was said, and is noted with its number', () => {
    const entry = entrySaying(10, edit('hello', ['bob']));
    const { entry: appended, changed } = effectOf(entry, target, []);
    expect(appended).toBe(entry);
    expect(changed).toEqual([
      {
        ...target,
        said: { ...target.said, content: { ...message, text: 'hello' } },
        state: { edited: 10, edits: [10] },
      },
    ]);
  });

  test('replaces the mentions, and takes them away when it has none', () => {
    const mentionsAfter = (...contents: Content[]) =>
      after(target, ...contents).message?.said?.content;
    expect(mentionsAfter(edit('x', ['cleo', 'dan']))).toMatchObject({ mentions: ['cleo', 'dan'] });
    expect(mentionsAfter(edit('x', []))).toMatchObject({ mentions: [] });
    expect(mentionsAfter(edit('x'))).not.toHaveProperty('mentions');
    expect(mentionsAfter(edit('x'), edit('y', ['bob']))).toMatchObject({ mentions: ['bob'] });
  });

  test('leaves reply_to and meta as they were', () => {
    expect(after(target, edit('x')).message?.said?.content).toMatchObject({
      reply_to: 1,
      meta: { color: 'red' },
    });
  });

  test('is one of several: the newest is shown, all are remembered', () => {
    const { message: edited } = after(target, edit('a'), edit('b'), edit('c'));
    expect(edited).toMatchObject({
      said: { content: { text: 'c' } },
      state: { edited: 12, edits: [10, 11, 12] },
    });
  });

  test('changes neither the place of the message, nor its author, time or seal', () => {
    const { said: _, state: _none, ...kept } = after(target, ['mod', edit('x')]).message ?? target;
    expect(kept).toEqual(erase(target));
  });

  test('keeps reactions and the pin', () => {
    const state = { pinned: true, reactions: { '👍': ['bob'] } } as const;
    expect(after(withState(state), edit('x')).message?.state).toMatchObject(state);
  });

  test('changes nothing of the row that it was given', () => {
    const before = structuredClone(target);
    after(target, edit('x', ['cleo']), react('👍'), pin(), remove);
    expect(target).toEqual(before);
  });
});

describe('[X2] a delete', () => {
  test('erases what the message said, and leaves its place with the number of the delete', () => {
    const entry = entrySaying(10, remove);
    expect(effectOf(entry, target, [])).toEqual({
      entry,
      changed: [{ ...erase(target), state: { deleted: 10 } }],
    });
  });

  test('erases what all its edits said, and nothing else', () => {
    const { rows } = after(target, edit('secret'), edit('more secret'), react('👍'), remove);
    const stillSaid = [...rows.values()].filter(({ said }) => said !== undefined);
    expect(stillSaid.map(({ seq }) => seq)).toEqual([12, 13]);
    expect(JSON.stringify([...rows.values()])).not.toMatch(/helo|secret|color/);
  });

  test('keeps the hash and the chain of all that it erases', () => {
    const { rows } = after(target, edit('secret'), remove);
    expect(rows.get(2)).toMatchObject({ hash: 'hash 2', chain: 'chain 2' });
    expect(rows.get(10)).toMatchObject({ hash: 'hash 10', chain: 'chain 10', kind: 'edit' });
  });
});

describe('[X2] once a message is deleted', () => {
  const { message: deleted = target } = after(target, edit('x'), remove);

  test('an edit is appended without its words, so that nothing of it is said', () => {
    const late = entrySaying(20, edit('said after all', ['bob']));
    expect(effectOf(late, deleted, [])).toEqual({ entry: erase(late), changed: [] });
  });

  test.each([react('👍'), unreact('👍'), pin(), pin(false), remove])(
    '%j changes nothing of it',
    (content) => {
      const entry = entrySaying(20, content);
      expect(effectOf(entry, deleted, [])).toEqual({ entry, changed: [] });
    },
  );
});

describe('an entry that is about no message', () => {
  test.each([
    ['there is none', undefined],
    ['the number is that of another entry', entrySaying(2, { kind: 'join', member: 'bob' })],
  ])('changes nothing when %s, and an edit says nothing', (_what, other) => {
    for (const content of [remove, react('👍'), pin()]) {
      const entry = entrySaying(20, content);
      expect(effectOf(entry, other, [])).toEqual({ entry, changed: [] });
    }
    const late = entrySaying(20, edit('x'));
    expect(effectOf(late, other, [])).toEqual({ entry: erase(late), changed: [] });
  });

  test('is appended as it is', () => {
    const joined = entrySaying(20, { kind: 'join', member: 'bob' });
    expect(effectOf(joined, entryAt(2), [])).toEqual({ entry: joined, changed: [] });
  });
});

describe('[X3] a reaction', () => {
  const reactions = (...contents: readonly (Content | [user: string, Content])[]) =>
    after(target, ...contents).message?.state?.reactions;

  test('is counted by emoji and person', () => {
    const all = reactions(['ann', react('👍')], ['bob', react('👍')], ['ann', react('🎂')]);
    expect(all).toEqual({ '👍': ['ann', 'bob'], '🎂': ['ann'] });
  });

  test('counts once, however often it comes', () => {
    const all = reactions(['ann', react('👍')], ['bob', react('👍')], ['ann', react('👍')]);
    expect(all?.['👍']?.toSorted()).toEqual(['ann', 'bob']);
  });

  test('is taken away again, its own alone', () => {
    const two: readonly [string, Content][] = [
      ['ann', react('👍')],
      ['bob', react('👍')],
    ];
    expect(reactions(...two, ['ann', unreact('👍')])).toEqual({ '👍': ['bob'] });
    expect(reactions(...two, ['ann', unreact('🎂')])).toEqual({ '👍': ['ann', 'bob'] });
    expect(reactions(...two, ['ann', unreact('👍')], ['ann', react('👍')])).toEqual({
      '👍': ['bob', 'ann'],
    });
  });

  test('leaves no emoji behind that nobody shows any more', () => {
    expect(reactions(react('👍'), unreact('👍'))).toEqual({});
    expect(reactions(unreact('👍'))).toEqual({});
  });

  test('changes nothing of what the message says', () => {
    expect(after(target, react('👍')).message?.said).toEqual(target.said);
  });
});

describe('[X4] a pin', () => {
  test('marks the message, until it is taken away', () => {
    expect(after(target, pin()).message?.state).toEqual({ pinned: true });
    expect(after(target, pin(), pin()).message?.state).toEqual({ pinned: true });
    expect(after(target, pin(), pin(false)).message?.state).toEqual({});
    expect(after(target, pin(false)).message?.state).toEqual({});
  });

  test('changes nothing else of the message', () => {
    const state = { edited: 9, edits: [9], reactions: { '👍': ['bob'] } };
    expect(after(withState(state), pin()).message).toEqual(withState({ ...state, pinned: true }));
    expect(after(withState(state), pin(), pin(false)).message).toEqual(withState(state));
  });
});

test('entries together do what they do one after another, in whatever order they come', () => {
  const FIRST = 4;
  const rows = [entryAt(1), entryAt(2), entryAt(3)];
  const about = fc.record({
    target: fc.integer({ min: 1, max: FIRST + 8 }),
    what: fc.constantFrom('message', 'edit', 'delete', 'reaction', 'unreact', 'pin', 'unpin'),
    user: fc.constantFrom('ann', 'bob'),
  });
  fc.assert(
    fc.property(fc.array(about, { maxLength: 12 }), (said) => {
      const entries = said.map(({ target: seq, what, user }, index) => {
        const contents: Record<string, Content> = {
          message: { kind: 'message', text: `text ${index}` },
          edit: { kind: 'edit', target: seq, text: `changed ${index}` },
          delete: { kind: 'delete', target: seq },
          reaction: { kind: 'reaction', target: seq, emoji: '👍' },
          unreact: { kind: 'reaction', target: seq, emoji: '👍', remove: true },
          pin: { kind: 'pin', target: seq, pinned: true },
          unpin: { kind: 'pin', target: seq, pinned: false },
        };
        return entrySaying(FIRST + index, contents[what] ?? { kind: 'delete', target: seq }, {
          user,
        });
      });
      const log = new Map(rows.map((row) => [row.seq, row]));
      const told = entries.map((entry) => {
        const seq = targetOf(entry);
        const row = seq === undefined ? undefined : log.get(seq);
        const edits = entry.kind === 'delete' ? (row?.state?.edits ?? []) : [];
        const editRows = edits.flatMap((edit) => log.get(edit) ?? []);
        const effect = seq === undefined ? { entry, changed: [] } : effectOf(entry, row, editRows);
        for (const one of [effect.entry, ...effect.changed]) log.set(one.seq, one);
        return effect.entry;
      });
      const together = effectsOf(entries, rows);
      expect(together.said).toEqual(told);
      expect(together.rows).toEqual(entries.map(({ seq }) => log.get(seq)));
      const after_ = new Map(rows.map((row) => [row.seq, row]));
      for (const row of together.changed) after_.set(row.seq, row);
      expect([...after_.values()]).toEqual(rows.map(({ seq }) => log.get(seq)));
    }),
  );
});
