import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { asyncApi } from '../../bin/asyncapi.ts';
import { ACTIONS } from '../../protocol/actions.ts';

interface Document {
  readonly asyncapi: string;
  readonly channels: {
    readonly socket: {
      readonly messages: Readonly<
        Record<string, { readonly payload: { readonly required: readonly string[] } }>
      >;
    };
  };
}

const written = JSON.parse(
  readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8'),
) as Document;

test('docs/asyncapi.json is what npm run protocol:docs writes', () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(asyncApi())));
});

test('it is an AsyncAPI 3 document with a message for every action', () => {
  expect(written.asyncapi).toBe('3.0.0');
  expect(Object.keys(written.channels.socket.messages)).toEqual([
    ...ACTIONS,
    'success',
    'accepted',
    'error',
  ]);
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
