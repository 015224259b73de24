import { expect, test } from 'vitest';

import type { Message, Notice, Room } from '../../client/index.ts';
import { createHappenings } from '../../terminal/happenings.ts';

const message = (seq: number | undefined, more: Partial<Message> = {}): Message => ({
  key: `/${more.uuid ?? seq}`,
  uuid: String(seq),
  state: 'sent',
  seq,
  n: seq,
  user: 'bob',
  mine: false,
  time: 0,
  text: `text ${seq}`,
  mentions: [],
  edited: false,
  deleted: false,
  pinned: false,
  reactions: new Map(),
  ...more,
});

const notice = (seq: number): Notice => ({ seq, kind: 'join', user: 'bob', time: 0 });

/** What is told of one state of a room after another, shortly. */
function told(...states: readonly [messages: Message[], notices?: Notice[]][]) {
  const happenings = createHappenings();
  return states.map(([messages, notices]) =>
    happenings.of({ id: 'r', messages, notices: notices ?? [] } as unknown as Room).map((one) => {
      if (one.type === 'gap') return `gap ${one.messages}`;
      return one.type === 'notice'
        ? `notice ${one.notice.seq}`
        : `${one.type} ${one.message.seq ?? one.message.uuid}`;
    }),
  );
}

test('each message is told once, and what has not changed is not told', () => {
  const [one, two] = [message(1), message(2)];
  expect(told([[one]], [[one, two]], [[one, two]])).toEqual([['message 1'], ['message 2'], []]);
});

test('a change and a delete are told, each once', () => {
  const changed = message(1, { text: 'new', edited: true });
  const gone = message(1, { text: '', deleted: true });
  expect(told([[message(1)]], [[changed]], [[gone]], [[gone]])).toEqual([
    ['message 1'],
    ['edited 1'],
    ['deleted 1'],
    [],
  ]);
});

test('notices stand between the messages, by their numbers', () => {
  expect(
    told([
      [message(2, { n: 1 }), message(4, { n: 2 })],
      [notice(1), notice(3), notice(5)],
    ]),
  ).toEqual([['notice 1', 'message 2', 'notice 3', 'message 4', 'notice 5']]);
});

test('one’s own is told when it has its number, or has failed, and not while it is on its way', () => {
  const own = { uuid: 'u', mine: true } as const;
  expect(
    told(
      [[message(undefined, { ...own, state: 'sending' })]],
      [[message(undefined, { ...own, state: 'sent' })]],
      [[message(1, own)]],
      [[message(1, own), message(undefined, { uuid: 'v', mine: true, state: 'failed' })]],
    ),
  ).toEqual([[], [], ['message 1'], ['failed v']]);
});

test('older messages that were asked for are not told as new, and a jump says what is missing', () => {
  const [nine, ten] = [message(9), message(10)];
  expect(told([[ten]], [[nine, ten]], [[message(15)]])).toEqual([
    ['message 10'],
    [],
    ['gap 4', 'message 15'],
  ]);
});
