import { describe, expect, test } from 'vitest';

import { billInvocation, platformLines } from '../../../emulator/lambda/billing.ts';
import { createMeter, type Meter } from '../../../emulator/meter/meter.ts';
import { functionResource, lambdaWith, payloadOf, roleThat } from './functions-under-test.ts';

/** Goal: what Lambda and its logs are billed for. Method: the pure part alone, then real functions. */
const requestId = '8f507cfc-xmpl-4697-b07a-ac58fc914c95';
const warm = { requestId, durationMs: 12.3, billedMs: 12.3, cold: false };
const cause = { api: 'Stack/Api', route: 'say' };

describe('an invocation', () => {
  test.each([
    ['arm64', 1_024, 12.3, 13],
    ['x86_64', 512, 12.3, 6.5],
    ['x86_64', 128, 0.2, 0.125],
    ['arm64', 2_048, 3, 6],
  ] as const)(
    '[DOC m2] of %s with %i MB that took %d ms is billed %d GB-ms',
    (architecture, memoryMb, billedMs, gbMs) => {
      const meter = createMeter();
      const fn = functionResource({ architecture, memoryMb });
      billInvocation(meter, fn, { ...warm, billedMs }, cause);
      expect(meter.read()).toMatchObject({
        'lambda.requests': { [fn.path]: 1 },
        [`lambda.gbMs.${architecture}`]: { [fn.path]: gbMs },
      });
      expect(meter.entries().every((entry) => entry.cause === cause)).toBe(true);
    },
  );

  test('[DOC m3] that was cold is billed for its init too', async () => {
    await using it = lambdaWith('export const handler = async () => 1;', { memoryMb: 1_024 });
    await it.invoke();
    const [record] = it.lambda.invocations();
    const gbMs = it.meter.read()['lambda.gbMs.x86_64']?.[it.fn.path] ?? 0;
    expect(gbMs).toBeGreaterThan(Math.ceil(record?.durationMs ?? Infinity));
  });

  test('that fails is billed like any other, one that is throttled is not', async () => {
    await using it = lambdaWith('export const handler = async () => { throw new Error("x"); };', {
      reservedConcurrency: 1,
    });
    const outcomes = await Promise.all([it.invoke(), it.invoke()]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'throttled']);
    expect(it.meter.read()['lambda.requests']).toEqual({ [it.fn.path]: 1 });
  });
});

describe('an invocation by a function', () => {
  const caller = (given: typeof cause | undefined) => {
    const role = roleThat({ actions: ['lambda:InvokeFunction'], resources: ['*'] });
    const owner = { kind: 'role', role, functionName: 'caller' } as const;
    return given === undefined ? owner : { ...owner, cause: given };
  };
  const causesOf = (meter: Meter) =>
    meter
      .entries()
      .filter(({ count }) => count === 'lambda.requests')
      .map((entry) => [entry.cause, entry.amount]);

  test.each(['RequestResponse', 'Event'])(
    'is on the account of what the caller was at work on: %s',
    async (type) => {
      await using it = lambdaWith('export const handler = async () => 1;');
      const invoke = (given?: typeof cause) =>
        it.lambda.service({
          method: 'POST',
          path: '/2015-03-31/functions/fn/invocations',
          headers: { 'x-amz-invocation-type': type },
          body: Buffer.from('{}'),
          principal: caller(given),
        });
      await invoke(cause);
      await it.activity.quiet();
      await invoke();
      await it.activity.quiet();
      expect(causesOf(it.meter)).toEqual([
        [cause, 1],
        [{ function: it.fn.path }, 1],
      ]);
    },
  );

  test('[DOC g8] that failed stays on its account when Lambda tries again', async () => {
    await using it = lambdaWith('export const handler = async () => { throw new Error("x"); };');
    await it.lambda.service({
      method: 'POST',
      path: '/2015-03-31/functions/fn/invocations',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: Buffer.from('{}'),
      principal: caller(cause),
    });
    for (const ms of [60_000, 120_000]) {
      await it.activity.quiet();
      it.clock.advance(ms);
    }
    await it.activity.quiet();
    expect(causesOf(it.meter)).toEqual([[cause, 3]]);
  });
});

describe('the log', () => {
  const bytesOf = (lines: readonly string[]) =>
    lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

  test("[DOC m4] has Lambda's own lines of every invocation, and more of a cold one", () => {
    const fn = functionResource();
    expect(platformLines(fn, warm)).toEqual([
      `START RequestId: ${requestId} Version: $LATEST`,
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 100 MB\t`,
    ]);
    const cold = platformLines(fn, { ...warm, billedMs: 112.3, cold: true });
    expect(cold[0]).toMatch(/^INIT_START Runtime Version: /);
    expect(cold.at(-1)).toContain('\tInit Duration: 100.00 ms\t');
  });

  test('is billed by the byte of what a function prints', async () => {
    await using it = lambdaWith('export const handler = async (text) => console.log(text);');
    await payloadOf(it.invoke(''));
    const bytes = () => it.meter.read()['logs.bytes']?.[it.fn.path] ?? 0;
    const said = async (text: string) => {
      const before = bytes();
      const { requestId } = await it.invoke(text);
      const { durationMs = 0 } = it.lambda.invocations().at(-1) ?? {};
      const own = platformLines(it.fn, {
        requestId,
        durationMs,
        billedMs: durationMs,
        cold: false,
      });
      return bytes() - before - bytesOf(own);
    };
    expect(await said('a')).toBe(2);
    expect(await said('é\nb')).toBe(5);
    expect(await said('x'.repeat(1_000))).toBe(1_001);
  });

  test('is on the account of the route that the line was printed for', async () => {
    await using it = lambdaWith('export const handler = async (text) => console.log(text);');
    await it.lambda.invoke('fn', 'for a route', { kind: 'authorized', cause });
    await it.invoke('for nobody');
    const causes = it.meter.entries().filter(({ count }) => count === 'logs.bytes');
    expect(causes.map((entry) => entry.cause)).toEqual([cause, { function: it.fn.path }]);
  });
});
