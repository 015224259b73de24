import { describe, expect, test } from 'vitest';

import type { Principal } from '../../../emulator/iam/principal.ts';
import { account, lambdaWith, region, roleThat } from './functions-under-test.ts';

const arn = `arn:aws:lambda:${region}:${account}:function:fn`;
const echo =
  'export const handler = async (event) => { if (event.fail) throw new TypeError("bad"); return event; };';

type Cloud = ReturnType<typeof lambdaWith>;

function call(
  { lambda }: Cloud,
  changes: {
    readonly path?: string;
    readonly type?: string;
    readonly body?: string;
    readonly principal?: Principal;
  } = {},
) {
  const { type, path = '/2015-03-31/functions/fn/invocations', body = '{"a":1}' } = changes;
  return lambda.service({
    method: 'POST',
    path,
    headers: type === undefined ? {} : { 'x-amz-invocation-type': type },
    body: Buffer.from(body),
    principal: changes.principal ?? { kind: 'administrator' },
  });
}

describe('the Invoke API', () => {
  test.each(['fn', encodeURIComponent(arn), encodeURIComponent(`${arn}:$LATEST`)])(
    'answers with what the handler of %s returned',
    async (name) => {
      await using it = lambdaWith(echo);
      const path = `/2015-03-31/functions/${name}/invocations`;
      const response = await call(it, { path });
      expect(response).toMatchObject({ status: 200, body: '{"a":1}' });
      expect(response.headers).not.toHaveProperty('x-amz-function-error');
    },
  );

  test('hands over an empty object when there is no payload', async () => {
    await using it = lambdaWith(echo);
    expect(await call(it, { body: '' })).toMatchObject({ status: 200, body: '{}' });
  });

  test('answers 200 with a header when the function failed', async () => {
    await using it = lambdaWith(echo);
    const response = await call(it, { body: '{"fail":true}' });
    expect(response).toMatchObject({
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
    });
    expect(JSON.parse(String(response.body))).toEqual({
      errorType: 'TypeError',
      errorMessage: 'bad',
      trace: expect.arrayContaining(['TypeError: bad']),
    });
  });

  test('only checks in a DryRun', async () => {
    await using it = lambdaWith(echo);
    expect(await call(it, { type: 'DryRun' })).toEqual({ status: 204 });
    expect(it.lambda.invocations()).toEqual([]);
  });

  test.each([
    [404, 'ResourceNotFoundException', { path: '/2015-03-31/functions/other/invocations' }],
    [404, 'UnknownOperationException', { path: '/2015-03-31/functions/fn' }],
    [400, 'InvalidRequestContentException', { body: '{' }],
    [413, 'RequestTooLargeException', { body: `"${'x'.repeat(6 * 1024 * 1024)}"` }],
    [403, 'AccessDeniedException', { principal: functionWithout() }],
  ])('answers %i %s', async (status, type, changes) => {
    await using it = lambdaWith(echo);
    const response = await call(it, changes);
    expect(response).toMatchObject({ status, headers: { 'x-amzn-errortype': type } });
    expect(it.lambda.invocations()).toEqual([]);
  });

  test('[DOC g14] takes an asynchronous event of 1 MB and no more', async () => {
    await using it = lambdaWith('export const handler = async (event) => event.length;');
    const bytes = 1024 * 1024;
    const body = (length: number) => `"${'x'.repeat(length - 2)}"`;
    expect(await call(it, { body: body(bytes), type: 'Event' })).toMatchObject({ status: 202 });
    expect(await call(it, { body: body(bytes + 1), type: 'Event' })).toMatchObject({
      status: 413,
      headers: { 'x-amzn-errortype': 'RequestTooLargeException' },
    });
  });

  test('answers 429 when the function is throttled', async () => {
    await using it = lambdaWith(echo, { reservedConcurrency: 0 });
    expect(await call(it)).toMatchObject({
      status: 429,
      headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
    });
  });

  test('lets in the role of a function that was granted it', async () => {
    await using it = lambdaWith(echo);
    const role = roleThat({ actions: ['lambda:InvokeFunction'], resources: [arn, `${arn}:*`] });
    const principal: Principal = { kind: 'role', role, functionName: 'caller' };
    expect(await call(it, { principal })).toMatchObject({ status: 200 });
    expect(await call(it, { principal: functionWithout() })).toMatchObject({ status: 403 });
    expect(it.lines.at(-1)).toMatch(/not authorized .*missing: invoked\.grantInvoke\(fn\)$/);
  });
});

function functionWithout(): Principal {
  return { kind: 'role', role: roleThat(), functionName: 'caller' };
}
