import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { lambdaWith, payloadOf } from './functions-under-test.ts';

/** Lets real time pass on another thread: 30 timers of a function of its own. */
async function meanwhile(): Promise<void> {
  await using other = lambdaWith(`
    import { setTimeout } from 'node:timers/promises';
    export const handler = async () => { for (let i = 0; i < 30; i++) await setTimeout(1); };
  `);
  await payloadOf(other.invoke());
}

describe('the runtime between invocations', () => {
  test('[DOC g1] freezes timers and lets them go on with the next invocation', async () => {
    await using it = lambdaWith(`
      let ticks = 0;
      setInterval(() => { ticks += 1; }, 1);
      export const handler = async ({ wait }) => {
        const before = ticks;
        while (wait && ticks < before + 3) await new Promise((resolve) => setTimeout(resolve, 1));
        return { before, ticks };
      };
    `);
    expect(await payloadOf(it.invoke())).toEqual({ before: 0, ticks: 0 });
    await meanwhile();
    expect(await payloadOf(it.invoke())).toEqual({ before: 0, ticks: 0 });
    expect(await payloadOf(it.invoke({ wait: true }))).toEqual({ before: 0, ticks: 3 });
  });

  test('[DOC g1] freezes a request nobody awaited until the next invocation', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end('late');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using it = lambdaWith(`
      let pending;
      export const handler = async ({ url }) => {
        if (url === undefined) return pending;
        pending = fetch(url).then((response) => response.text());
      };
    `);
    expect(await payloadOf(it.invoke({ url }))).toBe(null);
    await meanwhile();
    expect(requests).toBe(0);
    expect(await payloadOf(it.invoke())).toBe('late');
    expect(requests).toBe(1);
    server.closeAllConnections();
    server.close();
  });

  test('[DOC g1] fails the next invocation with a rejection left behind by the last', async () => {
    await using it = lambdaWith(`
      export const handler = async ({ wait }) => {
        if (wait) await new Promise((resolve) => setTimeout(resolve, 1_000));
        else setTimeout(() => Promise.reject(new Error('left behind')), 0);
      };
    `);
    expect(await payloadOf(it.invoke())).toBe(null);
    expect(await it.invoke({ wait: true })).toMatchObject({
      outcome: 'failed',
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: left behind',
    });
  });
});

describe('the runtime during an invocation', () => {
  test('hands over a copy of the event that has been through JSON', async () => {
    await using it = lambdaWith(`
      export const handler = async (event) => {
        event.list.push('changed');
        return { ...event, nothing: undefined, date: new Date(0) };
      };
    `);
    const event = { list: [1], gone: undefined };
    expect(await payloadOf(it.invoke(event))).toEqual({
      list: [1, 'changed'],
      date: '1970-01-01T00:00:00.000Z',
    });
    expect(event.list).toEqual([1]);
  });

  test('gives a complete context', async () => {
    await using it = lambdaWith(
      `export const handler = async (_, context) =>
        ({ ...context, left: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });`,
      { memoryMb: 256, timeoutSeconds: 7 },
    );
    const result = await it.invoke();
    expect(result.outcome === 'returned' && result.payload).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'fn',
      functionVersion: '$LATEST',
      invokedFunctionArn: it.fn.arn,
      memoryLimitInMB: '256',
      awsRequestId: result.requestId,
      logGroupName: '/aws/lambda/fn',
      logStreamName: expect.stringMatching(/^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/),
      left: expect.toSatisfy((left: number) => left > 6_000 && left <= 7_000),
      trace: expect.stringMatching(
        /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
      ),
    });
  });

  test.each([
    ['throw new TypeError("bad")', 'TypeError', 'bad'],
    ['await Promise.reject(new RangeError("late"))', 'RangeError', 'late'],
    ['throw "a string"', 'string', 'a string'],
    ['throw undefined', 'undefined', 'undefined'],
    ['throw Object.assign(new Error("named"), { name: "Named" })', 'Named', 'named'],
    ['return 1n', 'Runtime.JSONStringifyError', 'Unable to stringify response body'],
  ])('[REC b3] fails for `%s` and keeps the sandbox', async (code, errorType, errorMessage) => {
    await using it = lambdaWith(`
      let count = 0;
      export const handler = async ({ fail }) => { count += 1; if (fail) { ${code} } return count; };
    `);
    expect(await it.invoke({ fail: true })).toMatchObject({
      outcome: 'failed',
      errorType,
      errorMessage,
      timedOut: false,
    });
    expect(await payloadOf(it.invoke())).toBe(2);
  });

  test('traces an error to its line', async () => {
    await using it = lambdaWith('\n\nexport const handler = async () => { throw new Error("x") };');
    const result = await it.invoke();
    const trace = result.outcome === 'failed' ? result.trace : [];
    expect(trace?.slice(0, 2)).toEqual(['Error: x', expect.stringContaining('index.mjs:3:')]);
  });

  test.each([
    ['setTimeout(() => { throw new Error("out of reach") }, 0)', 'Error', 'out of reach'],
    [
      'void Promise.reject(new Error("nobody looks"))',
      'Runtime.UnhandledPromiseRejection',
      'Error: nobody looks',
    ],
    ['void Promise.reject("text")', 'Runtime.UnhandledPromiseRejection', 'text'],
  ])('fails for `%s` and ends the sandbox', async (code, errorType, errorMessage) => {
    await using it = lambdaWith(`
      let count = 0;
      export const handler = async ({ fail }) => {
        count += 1;
        if (!fail) return count;
        ${code};
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      };
    `);
    expect(await it.invoke({ fail: true })).toMatchObject({
      outcome: 'failed',
      errorType,
      errorMessage,
    });
    expect(await payloadOf(it.invoke())).toBe(1);
  });

  test('tells of a promise that nothing is left to settle', async () => {
    await using it = lambdaWith('export const handler = () => new Promise(() => {});');
    const { requestId, ...failure } = await it.invoke();
    expect(failure).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
    });
    expect(it.lines).toContainEqual(expect.stringContaining('a promise had not settled'));
  });
});

describe('the runtime and callbacks', () => {
  const callback = 'export const handler = (event, context, callback) => callback(null, event);';

  test('[DOC g6] refuses a callback handler on nodejs24.x', async () => {
    await using it = lambdaWith(callback);
    expect(await it.invoke()).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
      errorMessage: expect.stringContaining('removed support for callback-based function handlers'),
    });
  });

  const handlerOf = (body: string) =>
    `export const handler = (event, context, callback) => { ${body} };`;

  test.each([
    ['callback', 'callback(null, event)', { a: 1 }],
    ['callback with nothing', 'callback()', null],
    ['callback after a while', 'setTimeout(() => callback(null, 2), 1)', 2],
    ['promise', 'return Promise.resolve(3)', 3],
    ['context.succeed', 'context.succeed(4)', 4],
    ['value without a callback', 'return 5', null],
    [
      'callback that does not wait for what still runs',
      'context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {}, 60_000); callback(null, 6)',
      6,
    ],
    [
      'callback that waits for what still runs',
      'const late = {}; setTimeout(() => { late.done = true }, 5); callback(null, late)',
      { done: true },
    ],
  ])('takes the answer of a %s on nodejs22.x', async (_, body, payload) => {
    await using it = lambdaWith(handlerOf(body), { runtime: 'nodejs22.x' });
    expect(await payloadOf(it.invoke({ a: 1 }))).toEqual(payload);
    expect(await payloadOf(it.invoke({ a: 1 }))).toEqual(payload);
  });

  test.each([
    'callback(new Error("no"))',
    'context.fail(new Error("no"))',
    'throw new Error("no")',
  ])('fails by `%s` on nodejs22.x', async (body) => {
    await using it = lambdaWith(handlerOf(body), { runtime: 'nodejs22.x' });
    expect(await it.invoke()).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
  });
});
