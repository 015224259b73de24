import { describe, expect, test } from 'vitest';

import { lambdaWith, payloadOf } from './functions-under-test.ts';

/** Does what the event says, and counts what its module has seen. */
const obedient = `
  let count = 0;
  export const handler = async (event) => {
    count += 1;
    if (event.do !== undefined) await new Function('return (async () => {' + event.do + '})()')();
    return count;
  };
`;

describe('a sandbox', () => {
  test('keeps its module from one invocation to the next', async () => {
    await using it = lambdaWith(obedient);
    for (const count of [1, 2, 3]) expect(await payloadOf(it.invoke())).toBe(count);
    expect(it.meter.read()['lambda.coldStarts']).toEqual({ [it.fn.path]: 1 });
  });

  test.each(['await new Promise((resolve) => setTimeout(resolve, 60_000))', 'for (;;);'])(
    '[DOC g3] is ended by its time-out in `%s`, and its module state is lost',
    async (code) => {
      await using it = lambdaWith(obedient, { timeoutSeconds: 0.15 });
      expect(await payloadOf(it.invoke())).toBe(1);
      const result = await it.invoke({ do: code });
      expect(result).toMatchObject({
        outcome: 'failed',
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${result.requestId} Error: Task timed out after 0.15 seconds`,
        timedOut: true,
      });
      expect(await payloadOf(it.invoke())).toBe(1);
    },
  );

  test.each([
    [0, 'Runtime exited without providing a reason'],
    [3, 'Runtime exited with error: exit status 3'],
  ])('ends alone when its function exits with %i', async (code, how) => {
    await using it = lambdaWith(obedient);
    const result = await it.invoke({ do: `process.exit(${code})` });
    expect(result).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${result.requestId} Error: ${how}`,
    });
    expect(await payloadOf(it.invoke())).toBe(1);
  });

  test.each([
    ['--max-old-space-size=100 --no-warnings', { outcome: 'returned' }],
    ['--no-such-option', { outcome: 'failed', errorType: 'Runtime.ExitError' }],
  ])('started with NODE_OPTIONS of %s', async (options, expected) => {
    await using it = lambdaWith(obedient, { environment: { NODE_OPTIONS: options } });
    expect(await it.invoke()).toMatchObject(expected);
    const refusals = it.lines.filter((line) => line.includes('is not allowed in NODE_OPTIONS'));
    expect(refusals).toHaveLength(expected.outcome === 'failed' ? 1 : 0);
  });

  test('ends alone when its memory is full', async () => {
    await using it = lambdaWith(obedient, { timeoutSeconds: 60 });
    const code = 'const all = []; for (;;) all.push(new Array(10_000).fill({}).map(() => ({})))';
    const result = await it.invoke({ do: code });
    expect(result).toMatchObject({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: `RequestId: ${result.requestId} Error: Runtime exited with error: signal: killed`,
    });
    expect(await payloadOf(it.invoke())).toBe(1);
  });

  test('sees the environment of its function and nothing of the emulator', async () => {
    process.env['OF_THE_EMULATOR'] = 'secret';
    await using it = lambdaWith('export const handler = async () => ({ ...process.env });', {
      environment: { TABLE: 'rooms' },
    });
    const environment = await payloadOf(it.invoke());
    expect(environment).toMatchObject({ TABLE: 'rooms', AWS_LAMBDA_FUNCTION_NAME: 'fn' });
    expect(environment).not.toHaveProperty('OF_THE_EMULATOR');
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
  });

  test('cannot change the environment of another', async () => {
    await using it = lambdaWith(
      'export const handler = async () => { process.env.MINE = "1"; delete process.env.PATH; };',
    );
    await it.invoke();
    expect(process.env['MINE']).toBe(undefined);
    expect(process.env['PATH']).toBeTruthy();
  });
});
