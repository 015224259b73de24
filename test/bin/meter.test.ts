import { expect, inject, onTestFinished, test } from 'vitest';

import { openDevice } from '../support/device.ts';
import { run } from '../support/program.ts';

interface Started {
  readonly websocket: string;
  readonly users: readonly { readonly token: string }[];
  readonly apis: readonly { readonly websocket: string }[];
}

const BILL = /^What AWS would bill for this run \(us-east-1, prices of \d{4}-\d\d-\d\d/m;

function start(script: string, ...parameters: string[]) {
  const program = run(script, '--port', '0', ...parameters);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

test('npm start --meter prints the bill at exit, to standard error when --json', async () => {
  const program = start('bin/local.ts', '--json', '--meter');
  const { websocket, users } = JSON.parse(await program.firstLine()) as Started;
  const alice = await openDevice(websocket);
  await alice.authenticate(users[0]?.token ?? '');
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  expect(program.stdout().trimEnd().split('\n')).toHaveLength(1);
  expect(program.stderr()).toMatch(BILL);
  expect(program.stderr()).toMatch(/^ {2}authenticate +1 +1 /m);
  expect(program.stderr()).toMatch(/^1 messages in: [\d.]+ USD per million$/m);
});

test('npm run emulate --meter prints the bill at exit, after what it said at start', async () => {
  const program = start('bin/emulate.ts', '--app', inject('assembly'), '--meter');
  await program.firstLine();
  program.process.kill('SIGINT');
  expect(await program.exited).toBe(0);
  expect(program.stdout()).toMatch(/^API /);
  expect(program.stdout()).toMatch(BILL);
  expect(program.stdout().trimEnd()).toMatch(/0 messages delivered: - USD per million$/);
});

test('without --meter nothing of a bill is printed', async () => {
  const program = start('bin/emulate.ts', '--app', inject('assembly'));
  await program.firstLine();
  program.process.kill('SIGINT');
  expect(await program.exited).toBe(0);
  expect(program.stdout() + program.stderr()).not.toMatch(BILL);
});
