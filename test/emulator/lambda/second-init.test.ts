import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { FunctionResource } from '../../../emulator/model.ts';
import { lambdaWith, payloadOf } from './functions-under-test.ts';

/*
 * Goal: an init beyond AWS's limit is broken off and done again in the first invocation, in its time.
 * Method: a function whose init waits for a file, which is written when the emulator says that the
 * first init ran out of time. A tenth of a second stands for AWS's ten.
 */

const INIT_LIMIT_MS = 100;

const slowCode = (go: string) => `
  import { existsSync } from 'node:fs';
  while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 5));
  let count = 0;
  export const handler = async (event, context) => {
    count += 1;
    return { count, leftMs: context.getRemainingTimeInMillis() };
  };
`;

const FIRST = /^fn: init INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout$/;
const SECOND = /^fn: init INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\tStatus: timeout$/;

/** `ends`: false if no init ever ends. */
function slowFunction({ ends = true, ...changes }: Partial<FunctionResource> & { ends?: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'second-init-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const go = join(directory, 'go');
  const lines: string[] = [];
  const it = lambdaWith(slowCode(go), changes, {
    initLimitMs: INIT_LIMIT_MS,
    log(source, line) {
      lines.push(`${source}: ${line}`);
      if (ends && line.includes('Phase: init')) writeFileSync(go, '');
    },
  });
  return { ...it, lines };
}

test('[DOC g13] an init that takes too long is done again in the first invocation', async () => {
  await using it = slowFunction({});
  expect(await payloadOf(it.invoke())).toMatchObject({ count: 1 });
  expect(await payloadOf(it.invoke())).toMatchObject({ count: 2 });
  expect(it.lambda.invocations()).toMatchObject([{ cold: true }, { cold: false }]);
});

test('[DOC g13] the second init is part of the time that the function has', async () => {
  await using it = slowFunction({});
  const { leftMs } = (await payloadOf(it.invoke())) as { leftMs: number };
  const again = (await payloadOf(it.invoke())) as { leftMs: number };
  // To start a thread takes longer than ten milliseconds.
  expect(leftMs).toBeLessThan(again.leftMs - 10);
});

test('[DOC g13] a second init beyond the time-out of the function fails the invocation', async () => {
  await using it = slowFunction({ ends: false, timeoutSeconds: 0.2 });
  const result = await it.invoke();
  expect(result).toMatchObject({
    outcome: 'failed',
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${result.requestId} Error: Task timed out after 0.20 seconds`,
    timedOut: true,
  });
  expect(it.lines.filter((line) => line.includes('INIT_REPORT'))).toEqual([
    expect.stringMatching(FIRST),
    expect.stringMatching(SECOND),
  ]);
});

test('[REC g23] an init that takes too long is a line of the log in the words of Lambda', async () => {
  await using it = slowFunction({});
  await it.lambda.warm('fn');
  expect(it.lines).toEqual([expect.stringMatching(FIRST)]);
  expect(it.meter.read()['logs.bytes']?.[it.fn.path]).toBeGreaterThan(50);
  expect(await payloadOf(it.invoke())).toMatchObject({ count: 1 });
});

test('a sandbox that waits for its second init ends with the emulator', async () => {
  await using it = slowFunction({});
  await it.lambda.warm('fn');
  await it.lambda.close();
  expect(await it.invoke()).toMatchObject({ outcome: 'failed', errorType: 'Sandbox.Terminated' });
});
