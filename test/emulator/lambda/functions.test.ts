import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { describe, expect, test } from 'vitest';

import { createCredentialStore } from '../../../emulator/credentials.ts';
import { recordLimit } from '../../../emulator/lambda/invocation-records.ts';
import { idleLimit } from '../../../emulator/lambda/sandbox-pool.ts';
import { verifySignature, type Verification } from '../../../emulator/signature.ts';
import {
  account,
  functionResource,
  lambdaWith,
  payloadOf,
  region,
} from './functions-under-test.ts';

/** Answers when as many invocations as the event says are under way, through a shared count. */
const gathering = `
  import { readdirSync, writeFileSync } from 'node:fs';
  import { threadId } from 'node:worker_threads';
  let count = 0;
  export const handler = async ({ together = 1 }, { awsRequestId }) => {
    count += 1;
    if (together > 1) writeFileSync(process.env.GATHERING + awsRequestId, '');
    while (readdirSync(process.env.GATHERING).length < together) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return { threadId, count };
  };
`;

describe('concurrency', () => {
  test('[DOC g2] gives each of two invocations at once a sandbox, and reuses one in sequence', async () => {
    await using it = lambdaWith(
      { 'index.mjs': gathering, 'here/.keep': '' },
      { timeoutSeconds: 20 },
    );
    Object.assign(it.fn.environment, { GATHERING: `${it.fn.codeDirectory}/here/` });
    const together = await Promise.all(
      [it.invoke({ together: 3 }), it.invoke({ together: 3 })].map(payloadOf),
    );
    expect(together).toMatchObject([{ count: 1 }, { count: 1 }]);
    const last = await payloadOf(it.invoke());
    expect(last).toMatchObject({ count: 2 });
    expect(await payloadOf(it.invoke())).toEqual({ ...(last as object), count: 3 });
    expect(it.meter.read()).toMatchObject({
      'lambda.requests': { [it.fn.path]: 4 },
      'lambda.coldStarts': { [it.fn.path]: 2 },
    });
  });

  test.each([
    ['reserved concurrency', { reservedConcurrency: 1 }, {}],
    ['the concurrency of the account', {}, { concurrencyLimit: 1 }],
  ])('[DOC g12] throttles beyond %s', async (_, changes, options) => {
    await using it = lambdaWith('export const handler = async () => 1;', changes, options);
    const [first, second] = await Promise.all([it.invoke(), it.invoke()]);
    expect(first).toMatchObject({ outcome: 'returned' });
    expect(second).toEqual({ outcome: 'throttled', requestId: expect.any(String) });
    expect(await payloadOf(it.invoke())).toBe(1);
    expect(it.meter.read()['lambda.requests']).toEqual({ [it.fn.path]: 2 });
  });

  test('throttles every invocation of a function with nothing reserved', async () => {
    await using it = lambdaWith('', { reservedConcurrency: 0 });
    expect(await it.invoke()).toMatchObject({ outcome: 'throttled' });
  });

  test('bears a burst, and keeps a few sandboxes idle', async () => {
    await using it = lambdaWith(
      'export const handler = async (event) => { await new Promise((r) => setTimeout(r, 2)); return event; };',
    );
    const burst = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => payloadOf(it.invoke(i))),
    );
    expect(burst).toEqual(Array.from({ length: 200 }, (_, i) => i));
    const again = await Promise.all(
      Array.from({ length: idleLimit }, async (_, i) => payloadOf(it.invoke(i))),
    );
    expect(again).toHaveLength(idleLimit);
  });
});

describe('invoke', () => {
  const one = 'export const handler = async () => 1;';

  test.each([
    ['ARN', `arn:aws:lambda:${region}:${account}:function:fn`],
    ['ARN with a qualifier', `arn:aws:lambda:${region}:${account}:function:fn:$LATEST`],
    ['partial ARN', `${account}:function:fn`],
    ['name', 'fn'],
  ])('takes a function by its %s', async (_, name) => {
    await using it = lambdaWith(one);
    expect(await payloadOf(it.lambda.invoke(name, {}, { kind: 'authorized' }))).toBe(1);
  });

  test('tells of a function that is not there', async () => {
    await using it = lambdaWith(one);
    expect(await it.lambda.invoke('other', {}, { kind: 'authorized' })).toMatchObject({
      outcome: 'missing',
    });
  });

  test('[DOC g11] hands over a whole megabyte and no more than six, both ways', async () => {
    await using it = lambdaWith('export const handler = async ({ n }) => "x".repeat(n);');
    expect(await payloadOf(it.invoke({ n: 1_000_000, pad: 'y'.repeat(1_000_000) }))).toHaveLength(
      1_000_000,
    );
    expect(await it.invoke({ n: 6_291_555 })).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
    expect(await it.invoke('x'.repeat(6_291_455))).toMatchObject({
      errorType: 'RequestEntityTooLarge',
    });
    expect(it.meter.read()['lambda.requests']).toEqual({ [it.fn.path]: 2 });
  });

  test('lets a service in only by a permission, and names the one that is missing', async () => {
    const sourceArn = `arn:aws:execute-api:${region}:${account}:api/prod/$connect`;
    const caller = { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn } as const;
    await using closed = lambdaWith(one);
    expect(await closed.lambda.invoke('fn', {}, caller)).toMatchObject({ outcome: 'denied' });
    expect(closed.lines).toEqual([
      'emulator: Stack/fn/Resource: no AWS::Lambda::Permission lets apigateway.amazonaws.com ' +
        `invoke it from ${sourceArn}; missing: fn.addPermission('Invoke', ` +
        `{ principal: new ServicePrincipal('apigateway.amazonaws.com'), sourceArn: '${sourceArn}' })`,
    ]);
    const permission = {
      functionArn: closed.fn.arn,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:${region}:${account}:api/*$connect`,
    };
    await using open = lambdaWith(one, {}, { permissions: [permission] });
    expect(await payloadOf(open.lambda.invoke('fn', {}, caller))).toBe(1);
  });

  test('refuses what AWS would not have deployed', async () => {
    await using it = lambdaWith(one, { environment: { BIG: 'x'.repeat(4_096) } });
    const refusal = expect.stringContaining('exceeded the 4KB limit');
    expect(it.lines).toEqual([refusal]);
    expect(await it.invoke()).toMatchObject({
      errorType: 'InvalidParameterValueException',
      errorMessage: refusal,
    });
  });

  test('fails what is under way when it closes, and everything after', async () => {
    await using it = lambdaWith(
      'export const handler = () => new Promise((r) => setTimeout(r, 60_000));',
    );
    await it.lambda.warm('fn');
    const underWay = it.invoke();
    await it.lambda.close();
    expect(await underWay).toMatchObject({ errorType: 'Sandbox.Terminated' });
    expect(await it.invoke()).toMatchObject({ errorType: 'Sandbox.Terminated' });
  });
});

describe('what is counted', () => {
  test('bills whole milliseconds times memory, init too', async () => {
    await using it = lambdaWith('export const handler = async () => 1;', { memoryMb: 512 });
    await it.invoke();
    const cold = it.meter.read()['lambda.gbMs.x86_64']?.[it.fn.path] ?? 0;
    expect(cold).toBeGreaterThan(1);
    expect(cold % 0.5).toBe(0);
    await it.invoke();
    const warm = (it.meter.read()['lambda.gbMs.x86_64']?.[it.fn.path] ?? 0) - cold;
    expect(warm).toBeGreaterThanOrEqual(0.5);
    expect(warm % 0.5).toBe(0);
  });

  test('has no cold start after warming', async () => {
    await using it = lambdaWith('export const handler = async () => 1;');
    await it.lambda.warm(it.fn.arn);
    await it.lambda.warm(it.fn.arn);
    await it.invoke();
    expect(it.meter.read()['lambda.coldStarts']).toBe(undefined);
    expect(it.lambda.invocations()).toMatchObject([{ function: 'fn', cold: false }]);
  });

  test('keeps the last thousand invocations, oldest first', async () => {
    await using it = lambdaWith(
      'export const handler = async (fail) => { if (fail) throw new Error("x"); };',
    );
    const first = await it.invoke(true);
    expect(it.lambda.invocations()).toEqual([
      {
        function: 'fn',
        requestId: first.requestId,
        startedAt: it.clock.now(),
        durationMs: expect.any(Number),
        outcome: 'failed',
        cold: true,
        eventBytes: 4,
        error: 'Error: x',
        logs: [],
      },
    ]);
    for (let i = 0; i < recordLimit; i++) await it.invoke(false);
    const last = await it.invoke(false);
    const records = it.lambda.invocations();
    expect(records).toHaveLength(recordLimit);
    expect(records.some(({ requestId }) => requestId === first.requestId)).toBe(false);
    expect(records.at(-1)?.requestId).toBe(last.requestId);
  });

  test('is quiet only when no invocation is under way', async () => {
    await using it = lambdaWith('export const handler = async () => 1;');
    let ended = false;
    void it.invoke().then(() => {
      ended = true;
    });
    await it.activity.quiet();
    expect(ended).toBe(true);
  });
});

test('[EXP h] an SDK client inside a function finds the emulator and signs as its role', async () => {
  const credentials = createCredentialStore();
  const verifications: Verification[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const { method = '', url: path = '' } = request;
      verifications.push(verifySignature({ method, path, headers, body }, credentials, Date.now()));
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"TableNames":["t"]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using it = lambdaWith(
    `import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
     const client = new DynamoDBClient();
     export const handler = async () => (await client.send(new ListTablesCommand({}))).TableNames;`,
    { timeoutSeconds: 20 },
    { credentials, endpoints: { base } },
  );
  const cause = { api: 'Stack/Api', route: 'say' };
  const forRoute = it.lambda.invoke('fn', {}, { kind: 'authorized', cause });
  expect(await payloadOf(forRoute)).toEqual(['t']);
  expect(await payloadOf(it.invoke())).toEqual(['t']);
  const { role } = functionResource();
  const principal = { kind: 'role', role, functionName: 'fn' };
  expect(verifications).toEqual([
    { principal: { ...principal, cause } },
    { principal: { ...principal, cause: { function: it.fn.path } } },
  ]);
  server.closeAllConnections();
  server.close();
});
