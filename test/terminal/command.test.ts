import { expect, test } from 'vitest';

import { numbered, toCommand } from '../../terminal/command.ts';

test.each([
  ['hello there', { name: 'say', text: 'hello there' }],
  ['  leading blanks stay', { name: 'say', text: '  leading blanks stay' }],
  ['//etc/hosts', { name: 'say', text: '/etc/hosts' }],
  ['/room The  Lobby ', { name: 'room', rest: 'The  Lobby' }],
  ['/quit', { name: 'quit', rest: '' }],
  ['/nonsense x', { name: 'unknown', typed: '/nonsense' }],
  ['/toString', { name: 'unknown', typed: '/toString' }],
  ['   ', undefined],
])('%j means %j', (line, command) => {
  expect(toCommand(line)).toEqual(command);
});

test.each([
  ['12 changed it', { seq: 12, text: 'changed it' }],
  ['#7', { seq: 7, text: '' }],
  ['the last one', undefined],
])('%j is about %j', (rest, asked) => {
  expect(numbered(rest)).toEqual(asked);
});
