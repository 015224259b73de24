import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

/*
 * Goal: whoever copies the examples of docs/emulator.md has tests that pass. Method: the files stand in
 * a folder of their own and are run by vitest and by Node's own test runner, as anybody would.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EMULATOR = new URL('../../emulator/index.ts', import.meta.url).href;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'emulator-examples-'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const text = readFileSync(join(ROOT, 'docs/emulator.md'), 'utf8');
  for (const [, name = '', code = ''] of text.matchAll(/^```js (\S+)\n(.*?)^```$/gms)) {
    writeFileSync(join(directory, name), code.replace("'parley/emulator'", `'${EMULATOR}'`));
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...words: readonly string[]) =>
  execFileSync(process.execPath, words, {
    cwd: directory,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    timeout: RUN_MS,
  });

/** A test runner and a cloud start; on a busy machine that takes its time. */
const RUN_MS = 60_000;

test(
  'the vitest example of docs/emulator.md passes',
  () => {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    expect(run(vitest, 'run', '--no-color', '--hookTimeout', String(RUN_MS))).toMatch(/1 passed/);
  },
  RUN_MS,
);

test(
  'the node:test example of docs/emulator.md passes',
  () => {
    expect(run('--test', '--test-reporter=tap', 'socket.node.mjs')).toMatch(/^# pass 1$/m);
  },
  RUN_MS,
);
