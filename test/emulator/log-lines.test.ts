import { expect, test } from 'vitest';

import type { Printed } from '../../emulator/log.ts';
import { createLogLines, tellingName } from '../../emulator/log-lines.ts';

const AT = Date.UTC(2026, 1, 3, 9, 6, 45, 123);

function shown(printed: Partial<Printed>): string {
  let text = '';
  const log = createLogLines({ write: (line) => (text += line), now: () => AT });
  const path = 'Parley/Chat/NewMessage/Function/Resource';
  log('name', 'unused', {
    function: path,
    requestId: '8f1c2a90-0000-4000-8000-000000000000',
    text: '',
    kind: 'out',
    ...printed,
  });
  return text;
}

test.each([
  ['Parley/Chat/NewMessage/Function/Resource', 'Chat/NewMessage'],
  ['Parley/Chat/Digests/Presence/Function/Resource', 'Digests/Presence'],
  ['Small/Act/Resource', 'Act'],
  ['emulator', 'emulator'],
  ['Resource', 'Resource'],
])('calls %s what people call it', (path, name) => {
  expect(tellingName(path)).toBe(name);
});

test('says when, how bad, which function, which request, what', () => {
  expect(shown({ text: 'hello' })).toBe('09:06:45.123 info  Chat/NewMessage 8f1c2a90  hello\n');
  expect(shown({ text: 'oh', kind: 'err' })).toContain(' error Chat/NewMessage');
  expect(shown({ text: 'oh', requestId: 'init' })).toContain('Chat/NewMessage init  oh');
});

test('shows a structured line by its level, its message and its other fields', () => {
  const text = JSON.stringify({ level: 'WARN', message: 'slow', timestamp: 'x', ms: 7, to: 'r1' });
  expect(shown({ text })).toContain(' warn  Chat/NewMessage 8f1c2a90  slow ms=7 to=r1\n');
  expect(shown({ text: '{"a":1}' })).toContain('  {"a":1}\n');
  expect(shown({ text: '{broken' })).toContain('  {broken\n');
});

test('names the files of a stack without the way to them', () => {
  const text = '    at handler (file:///tmp/x/asset.1/index.mjs:3:9)';
  expect(shown({ text, kind: 'failure' })).toContain('    at handler (index.mjs:3:9)\n');
});

test('lets nothing through that a terminal would obey', () => {
  expect(shown({ text: '\u001b[2Jred\u0007\rx' })).toContain('  redx\n');
});
