import { writeFileSync } from 'node:fs';

import { expect, onTestFinished, test } from 'vitest';

import { lambdaWith, payloadOf, writeCode } from './functions-under-test.ts';

/*
 * Goal: a deployment loses no invocation. Method: real sandboxes, whose handlers say which code they are
 * and are held under way by a file that the test writes.
 */

/** Answers with its version; with `hold` only when the file of that name is there. */
const version = (name: string) => `
  import { existsSync } from 'node:fs';
  let count = 0;
  export const handler = async ({ hold }) => {
    count += 1;
    while (hold !== undefined && !existsSync(hold)) await new Promise((next) => setTimeout(next, 1));
    return { version: '${name}', count };
  };
`;

function deployable(files: Readonly<Record<string, string>>): string {
  const { directory, remove } = writeCode(files);
  onTestFinished(remove);
  return directory;
}

test('what comes after a deployment runs the new code, in new sandboxes', async () => {
  await using it = lambdaWith(version('old'));
  expect(await payloadOf(it.invoke())).toEqual({ version: 'old', count: 1 });
  it.lambda.deploy('fn', deployable({ 'index.mjs': version('new') }));
  expect(await payloadOf(it.invoke())).toEqual({ version: 'new', count: 1 });
  expect(await payloadOf(it.invoke())).toEqual({ version: 'new', count: 2 });
  it.lambda.deploy(it.fn.arn);
  expect(await payloadOf(it.invoke())).toEqual({ version: 'new', count: 1 });
});

test('what is under way at a deployment ends in the old code, and its sandbox with it', async () => {
  await using it = lambdaWith(version('old'), { timeoutSeconds: 20 });
  await it.lambda.warm('fn');
  const open = `${deployable({})}/open`;
  const underWay = it.invoke({ hold: open });
  it.lambda.deploy('fn', deployable({ 'index.mjs': version('new') }));
  expect(await payloadOf(it.invoke())).toEqual({ version: 'new', count: 1 });
  writeFileSync(open, '');
  expect(await payloadOf(underWay)).toEqual({ version: 'old', count: 1 });
  expect(await payloadOf(it.invoke())).toEqual({ version: 'new', count: 2 });
});

test('a sandbox that starts while its code is replaced takes no invocation', async () => {
  await using it = lambdaWith(version('old'));
  const first = it.invoke();
  it.lambda.deploy('fn', deployable({ 'index.mjs': version('new') }));
  expect(await payloadOf(first)).toEqual({ version: 'new', count: 1 });
  expect(await payloadOf(it.invoke())).toEqual({ version: 'new', count: 2 });
});

test('a function that is not there cannot be deployed', async () => {
  await using it = lambdaWith(version('old'));
  expect(() => it.lambda.deploy('other')).toThrow('There is no function other');
});
