import { expect, test } from 'vitest';

import type { EventInvokeResource } from '../../../emulator/model.ts';
import { functionResource, lambdaWith } from './functions-under-test.ts';

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
  expect(it.lines.at(-1)).toMatch(
    /given up: RetriesExhausted after 3 invocation\(s\); the event was dropped$/,
  );
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
  await using it = lambdaWith('', {}, { concurrencyLimit: 0 });
  await send(it, {});
  const delaysMs: number[] = [];
  let passedMs = 0;
  for (;;) {
    await it.activity.quiet();
    const [next] = it.lambda.waiting();
    if (next === undefined) break;
    const delayMs = next.attemptAt - it.clock.now();
    delaysMs.push(delayMs);
    passedMs += delayMs;
    it.clock.advance(delayMs);
  }
  expect(delaysMs.slice(0, 10)).toEqual(
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map((seconds) => seconds * 1_000),
  );
  expect(passedMs).toBeGreaterThan(6 * 3_600_000 - 300_000);
  expect(passedMs).toBeLessThan(6 * 3_600_000);
  expect(it.lines).toEqual([
    expect.stringMatching(/throttled, and is tried again after 1 s$/),
    expect.stringMatching(
      /given up: EventAgeExceeded after 0 invocation\(s\); the event was dropped$/,
    ),
  ]);
});

test('[DOC g22] does not try an event again when the function has no concurrency at all', async () => {
  await using it = lambdaWith('', { reservedConcurrency: 0 });
  await send(it, {});
  await it.activity.quiet();
  expect(it.lambda.waiting()).toEqual([]);
  expect(it.lines).toEqual([expect.stringMatching(/given up: ZeroReservedConcurrency after 0 /)]);
});

const config = (changes: Partial<EventInvokeResource>): EventInvokeResource => ({
  logicalId: 'Config',
  path: 'Stack/fn/EventInvokeConfig',
  functionArn: functionResource().arn,
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  ...changes,
});

test.each([
  ['[DOC g16] as often as is asked for: never', { maximumRetryAttempts: 0 }, 1, 'RetriesExhausted'],
  ['[DOC g16] as often as is asked for: once', { maximumRetryAttempts: 1 }, 2, 'RetriesExhausted'],
  ['[REC g17] not beyond a minute', { maximumEventAgeSeconds: 60 }, 1, 'EventAgeExceeded'],
  ['[REC g17] not beyond 100 seconds', { maximumEventAgeSeconds: 100 }, 2, 'EventAgeExceeded'],
])('tries a failed event again %s', async (_title, settings, count, condition) => {
  await using it = lambdaWith(failing, {}, { eventInvokes: [config(settings)] });
  await send(it, { good: 99 });
  for (;;) {
    await it.activity.quiet();
    if (it.lambda.waiting().length === 0) break;
    it.clock.advance(60_000);
  }
  expect(it.lambda.invocations()).toHaveLength(count);
  expect(it.lines.at(-1)).toContain(`given up: ${condition} after ${count} invocation(s)`);
});

test('is quiet only when no event waits for another try', async () => {
  await using it = lambdaWith(failing);
  await it.lambda.quiet();
  const response = await send(it, { good: 2 });
  let quiet = false;
  const resolved = it.lambda.quiet().then(() => (quiet = true));
  await it.activity.quiet();
  const requestId = response.headers?.['x-amzn-requestid'];
  const attemptAt = it.clock.now() + 60_000;
  expect(it.lambda.waiting()).toEqual([{ function: 'fn', requestId, attemptAt }]);
  expect(quiet).toBe(false);
  it.clock.advance(60_000);
  await resolved;
  expect(it.lambda.invocations().map(({ outcome }) => outcome)).toEqual(['failed', 'returned']);
});

test('forgets what waits for another try when it closes', async () => {
  await using it = lambdaWith(failing);
  await send(it, { good: 2 });
  await it.activity.quiet();
  const quiet = it.lambda.quiet();
  await it.lambda.close();
  await quiet;
  it.clock.advance(86_400_000);
  await it.activity.quiet();
  expect(it.lambda.invocations()).toHaveLength(1);
});
