import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

/** The package as `npm pack` makes it, unpacked into an empty folder, with its one dependency beside it. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let app: string;

const run = (command: string, ...words: readonly string[]) =>
  execFileSync(command, words, { cwd: app, encoding: 'utf8' });

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'parley-package-'));
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', app], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const { filename } = Object.values(
    JSON.parse(packed.slice(packed.search(/[[{]/))) as Record<string, { filename: string }>,
  )[0] ?? { filename: '' };
  mkdirSync(join(app, 'node_modules', 'parley'), { recursive: true });
  run('tar', 'xzf', filename, '--strip-components', '1', '-C', 'node_modules/parley');
  symlinkSync(join(ROOT, 'node_modules/valibot'), join(app, 'node_modules/valibot'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ type: 'module' }));
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

const PROGRAM = `
const chat = createChat({ url: 'wss://chat.example.com/prod', token: () => 'x', tabs: 'single' });
console.log(chat.connection.name, typeof createSocketPairs);
await chat.close();
`;

test('is imported by an ES module, the doubles for tests too', () => {
  writeFileSync(
    join(app, 'program.mjs'),
    `import { createChat } from 'parley/client';
     import { createSocketPairs } from 'parley/client/testing';
     ${PROGRAM}`,
  );
  expect(run(process.execPath, 'program.mjs').trim()).toBe('idle function');
});

test('is required by a CommonJS module', () => {
  writeFileSync(
    join(app, 'program.cjs'),
    `const { createChat } = require('parley/client');
     const { createSocketPairs } = require('parley/client/testing');
     (async () => {${PROGRAM}})();`,
  );
  expect(run(process.execPath, 'program.cjs').trim()).toBe('idle function');
});

test('has types that a strict project can use, and that know a wrong option', () => {
  const tsconfig = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024', 'dom'],
      types: [],
    },
    files: ['typed.ts'],
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(tsconfig));
  writeFileSync(
    join(app, 'typed.ts'),
    `import { createChat, type Room } from 'parley/client';
     const chat = createChat({ url: 'wss://chat.example.com', token: () => 'x' });
     const room: Room = chat.room('lobby');
     room.send('Hello', { replyTo: 1 });
     // @ts-expect-error: a token is a function, so that it can be fetched anew
     createChat({ url: 'wss://chat.example.com', token: 'x' });`,
  );
  run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.');
});
