import { join } from 'node:path';

import { expect, inject, onTestFinished, test } from 'vitest';

import { openDevice } from '../support/device.ts';
import { run, runToEnd } from '../support/program.ts';
import { scratchDirectory, writeFiles } from '../support/templates.ts';

interface Started {
  readonly websocket: string;
  readonly users: readonly { readonly username: string; readonly token: string }[];
}

function planFile(plan: object): string {
  const directory = scratchDirectory();
  writeFiles(directory, { 'plan.json': plan });
  return join(directory, 'plan.json');
}

function start(script: string, ...parameters: string[]) {
  const program = run(script, '--port', '0', ...parameters);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

test('npm start --faults injects what the file says, once the people are there, and tells of it', async () => {
  const file = planFile({
    seed: 5,
    rules: [
      { fault: 'dynamodb-failed', where: { resource: '*Users*', operation: 'PutItem' } },
      { fault: 'cut', where: { operation: 'message' }, when: { nth: 2 } },
    ],
  });
  const program = start('bin/local.ts', '--json', '--faults', file);
  const { websocket, users } = JSON.parse(await program.firstLine()) as Started;
  const alice = await openDevice(websocket);
  await alice.authenticate(users[0]?.token ?? '');
  alice.send({ uuid: '2', action: 'list_rooms' });
  expect((await alice.closed).code).toBe(1006);
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  expect(program.stderr()).toMatch(/ faults: cut#1: message /m);
});

test('npm run emulate --faults tells which rules never struck', async () => {
  const file = planFile({ rules: [{ fault: 'sqs-failed', where: { resource: 'nowhere' } }] });
  const program = start('bin/emulate.ts', '--app', inject('assembly'), '--faults', file);
  await program.firstLine();
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  expect(program.stderr()).toMatch(/ faults: sqs-failed#1 never struck$/m);
});

test.each(['bin/local.ts', 'bin/emulate.ts'])(
  '%s refuses a broken plan in one line, with exit code 2',
  async (script) => {
    const file = planFile({ rules: [{ fault: 'cut', when: { rate: 2 } }] });
    const app = script === 'bin/emulate.ts' ? ['--app', inject('assembly')] : [];
    const { code, stdout, stderr } = await runToEnd(script, ...app, '--faults', file);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'fault rule 1 (cut), when.rate: must be <=1, not 2\n',
    });
  },
);
