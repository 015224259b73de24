import { expect, test } from 'vitest';

import { lambdaWith } from './functions-under-test.ts';

function send({ lambda }: ReturnType<typeof lambdaWith>, event: unknown) {
  return lambda.service({
    method: 'POST',
    path: '/2015-03-31/functions/fn/invocations',
    headers: { 'x-amz-invocation-type': 'Event' },
    body: Buffer.from(JSON.stringify(event)),
    principal: { kind: 'administrator' },
  });
}

const failing = `
  let tries = 0;
  export const handler = async ({ good }) => { tries += 1; if (tries < good) throw new Error('no'); };
`;

test('[DOC g7] answers 202 at once and runs the event by itself', async () => {
  await using it = lambdaWith('export const handler = async () => {};');
  const response = await send(it, {});
  expect(response).toMatchObject({ status: 202, body: '' });
  await it.activity.quiet();
  expect(it.lambda.invocations()).toMatchObject([
    { requestId: response.headers?.['x-amzn-requestid'], outcome: 'returned' },
  ]);
});

test('[DOC g8] tries a failed event again after one and two minutes, and gives up', async () => {
  await using it = lambdaWith(failing);
  const outcomes = () => it.lambda.invocations().map(({ outcome }) => outcome);
  await send(it, { good: 99 });
  await it.activity.quiet();
  it.clock.advance(59_999);
  await it.activity.quiet();
  expect(outcomes()).toEqual(['failed']);
  it.clock.advance(1);
  await it.activity.quiet();
  expect(outcomes()).toEqual(['failed', 'failed']);
  it.clock.advance(119_999);
  await it.activity.quiet();
  expect(outcomes()).toHaveLength(2);
  it.clock.advance(1);
  await it.activity.quiet();
  expect(outcomes()).toHaveLength(3);
  it.clock.advance(86_400_000);
  await it.activity.quiet();
  expect(outcomes()).toHaveLength(3);
  expect(new Set(it.lambda.invocations().map(({ requestId }) => requestId)).size).toBe(1);
  expect(it.lines.at(-1)).toMatch(/given up: the last try failed$/);
});

test('stops trying once an event succeeds', async () => {
  await using it = lambdaWith(failing);
  await send(it, { good: 2 });
  await it.activity.quiet();
  it.clock.advance(60_000);
  await it.activity.quiet();
  it.clock.advance(86_400_000);
  await it.activity.quiet();
  expect(it.lambda.invocations().map(({ outcome }) => outcome)).toEqual(['failed', 'returned']);
});

test('[DOC g9] tries a throttled event for six hours, ever more slowly', async () => {
  await using it = lambdaWith('', { reservedConcurrency: 0 });
  await send(it, {});
  const stepMs = 1_000;
  let passedMs = 0;
  while (it.lines.length === 0 && passedMs < 86_400_000) {
    it.clock.advance(stepMs);
    passedMs += stepMs;
    // A throttled invocation opens no activity to wait for, it only takes a few promises.
    await new Promise((resolve) => process.nextTick(resolve));
  }
  expect(it.lines).toEqual([expect.stringMatching(/given up: the last try throttled$/)]);
  expect(passedMs).toBeGreaterThanOrEqual(6 * 3_600_000);
  expect(passedMs).toBeLessThan(6 * 3_600_000 + 300_000);
});

test('forgets what waits for another try when it closes', async () => {
  await using it = lambdaWith(failing);
  await send(it, { good: 2 });
  await it.activity.quiet();
  await it.lambda.close();
  it.clock.advance(86_400_000);
  await it.activity.quiet();
  expect(it.lambda.invocations()).toHaveLength(1);
});
