import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { asyncApi } from '../../bin/asyncapi.ts';
import { ACTIONS } from '../../protocol/actions.ts';

interface Reference {
  readonly $ref: string;
}

interface Document {
  readonly asyncapi: string;
  readonly channels: {
    readonly socket: {
      readonly messages: Readonly<
        Record<string, { readonly payload: { readonly required?: readonly string[] } }>
      >;
    };
  };
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly action: 'send' | 'receive';
        readonly messages: readonly Reference[];
        readonly reply?: { readonly messages: readonly Reference[] };
      }
    >
  >;
}

const written = JSON.parse(
  readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8'),
) as Document;

test('docs/asyncapi.json is what npm run protocol:docs writes', () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(asyncApi())));
});

const { operations } = written;

/** The last part of each reference. */
const names = (references: readonly Reference[] = []) =>
  references.map(({ $ref }) => $ref.split('/').at(-1));

test('it is an AsyncAPI 3 document with an operation for every action, and its answers', () => {
  expect(written.asyncapi).toBe('3.0.0');
  const asked = Object.keys(operations).filter((name) => operations[name]?.action === 'receive');
  expect(asked).toEqual([...ACTIONS]);
  for (const action of ACTIONS) {
    expect(names(operations[action]?.messages)).toEqual([action]);
    expect(names(operations[action]?.reply?.messages).at(-1)).toBe('ErrorReply');
  }
});

test.each([
  ['history', ['HistoryReply']],
  ['new_message', ['Broadcast', 'AcceptedReply']],
  ['join', ['Broadcast', 'AcceptedReply', 'DoneReply']],
  ['mute', ['DoneReply']],
  ['typing', ['DoneReply']],
])('it says what answers %s', (action, answers) => {
  expect(names(operations[action]?.reply?.messages)).toEqual([...answers, 'ErrorReply']);
});

test('it has what comes unasked', () => {
  const sent = Object.keys(operations).filter((name) => operations[name]?.action === 'send');
  expect(sent).toEqual([
    'Broadcast',
    'TypingFrame',
    'SignalFrame',
    'PresenceFrame',
    'ReceiptsFrame',
    'Batch',
  ]);
});

test('all that it refers to is in it', () => {
  const references = [...JSON.stringify(written).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(100);
  for (const [, path = ''] of references) expect(written).toHaveProperty(path.split('/'));
});

test.each([
  ['new_message', ['uuid', 'action', 'room', 'text']],
  ['authenticate', ['uuid', 'action', 'token']],
  ['history', ['uuid', 'action', 'room']],
  ['react', ['uuid', 'action', 'room', 'target', 'emoji']],
  ['sync', ['uuid', 'action', 'rooms']],
])('it says what %s demands', (action, demanded) => {
  expect(written.channels.socket.messages[action]?.payload.required).toEqual(demanded);
});
