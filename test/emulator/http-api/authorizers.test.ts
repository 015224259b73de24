import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import type { HttpLambdaAuthorizer } from '../../../emulator/model.ts';
import type { Event, Handler } from './http-api-server.ts';
import { arnOf, routeTo, startHttpApi } from './http-api-server.ts';

const AUTHORIZER: HttpLambdaAuthorizer = {
  kind: 'lambda',
  authorizerId: 'auth1d',
  functionArn: arnOf('gate'),
  payloadFormat: '2.0',
  simpleResponses: true,
  identitySources: ['$request.header.Authorization'],
  cacheSeconds: 0,
};

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:abcd123';

async function start(
  gate: Handler,
  more: Partial<HttpLambdaAuthorizer> = {},
  payloadFormat?: '1.0',
) {
  const clock = manualClock();
  const asked: Event[] = [];
  const authorizer = { ...AUTHORIZER, ...more };
  const format = payloadFormat === undefined ? {} : { payloadFormat };
  const api = await startHttpApi({
    routes: [
      routeTo('GET /rooms/{id}', 'echo', { authorizer, ...format }),
      routeTo('POST /rooms/{id}', 'echo', { authorizer, ...format }),
    ],
    handlers: {
      gate: (event) => {
        asked.push(event);
        return gate(event);
      },
      echo: (event) => ({
        statusCode: 200,
        body: JSON.stringify(event.requestContext['authorizer'] ?? null),
      }),
    },
    clock,
  });
  const ask = (path = '/rooms/7', init: RequestInit = {}) =>
    api.get(path, { headers: { authorization: 'alice' }, ...init });
  return { ...api, asked, ask, clock };
}

const policy = (effect: string, resource: unknown, context?: object) => ({
  principalId: 'alice',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
  },
  ...(context === undefined ? {} : { context }),
});

describe('[DOC n13] a Lambda authorizer of an HTTP API', () => {
  test('hears of the request in format 2.0', async () => {
    const { ask, asked, invokers } = await start(() => ({ isAuthorized: true }));
    await ask('/rooms/7?x=1');
    expect(asked).toMatchObject([
      {
        version: '2.0',
        type: 'REQUEST',
        routeArn: `${ARN}/$default/GET/rooms/7`,
        identitySource: ['alice'],
        routeKey: 'GET /rooms/{id}',
        rawPath: '/rooms/7',
        rawQueryString: 'x=1',
        headers: { authorization: 'alice' },
        queryStringParameters: { x: '1' },
        requestContext: { apiId: 'abcd123', http: { method: 'GET' }, stage: '$default' },
        pathParameters: { id: '7' },
      },
    ]);
    expect(invokers[0]).toMatchObject({ sourceArn: `${ARN}/authorizers/auth1d` });
  });

  test('hears of the request in format 1.0, and answers by a policy only', async () => {
    const { ask, asked } = await start(() => policy('Allow', '*'), { payloadFormat: '1.0' });
    expect((await ask()).status).toBe(200);
    expect(asked).toMatchObject([
      {
        version: '1.0',
        type: 'REQUEST',
        methodArn: `${ARN}/$default/GET/rooms/7`,
        identitySource: 'alice',
        authorizationToken: 'alice',
        resource: '/rooms/{id}',
        httpMethod: 'GET',
        pathParameters: { id: '7' },
      },
    ]);
    const simple = await start(() => ({ isAuthorized: true }), { payloadFormat: '1.0' });
    expect((await simple.ask()).status).toBe(500);
  });

  test.each<[string, unknown, number]>([
    ['true', { isAuthorized: true }, 200],
    ['false', { isAuthorized: false }, 403],
    ['a text', { isAuthorized: 'true' }, 500],
    ['nothing', null, 500],
    ['more than 8 KB', { isAuthorized: true, context: { long: 'x'.repeat(8192) } }, 500],
  ])('answers simply: %s', async (_title, payload, status) => {
    expect((await (await start(() => payload)).ask()).status).toBe(status);
  });

  test.each<[string, unknown, number]>([
    ['allows the route', policy('Allow', `${ARN}/$default/GET/rooms/7`), 200],
    ['allows by a pattern', policy('Allow', [`${ARN}/*/rooms/?`]), 200],
    ['allows another route', policy('Allow', `${ARN}/$default/POST/rooms/7`), 403],
    ['denies', policy('Deny', '*'), 403],
    ['is none', { principalId: 'alice' }, 500],
  ])('answers by a policy, which %s', async (_title, payload, status) => {
    const { ask } = await start(() => payload, { simpleResponses: false });
    expect((await ask()).status).toBe(status);
  });

  test('gives its context to the function, as it is', async () => {
    const context = { n: 1, list: ['a'], map: { b: true } };
    const simple = await start(() => ({ isAuthorized: true, context }));
    expect((await simple.ask()).json()).toEqual({ lambda: context });
    const old = await start(() => policy('Allow', '*', context), { payloadFormat: '1.0' }, '1.0');
    expect((await old.ask()).json()).toEqual({ ...context, principalId: 'alice' });
  });

  test.each([
    ['a header', '$request.header.X-Other'],
    ['a query', '$request.querystring.token'],
    ['a stage variable', '$stageVariables.tier'],
  ])('is not asked without %s that it names: 401', async (_title, source) => {
    const { ask, asked } = await start(() => ({ isAuthorized: true }), {
      identitySources: ['$request.header.Authorization', source],
    });
    expect(await ask()).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(asked).toEqual([]);
  });

  test('that fails, or may not be invoked, is an internal error', async () => {
    const { ask } = await start(() => {
      throw new Error('no');
    });
    expect(await ask()).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  });
});

describe('[DOC n14] the cache of a Lambda authorizer', () => {
  test('holds an answer for its time, for the same identity and for all routes', async () => {
    const { ask, asked, clock } = await start(() => ({ isAuthorized: true }), { cacheSeconds: 60 });
    await ask();
    await ask('/rooms/8', { method: 'POST' });
    expect(asked).toHaveLength(1);
    await ask('/rooms/7', { headers: { authorization: 'bob' } });
    expect(asked).toHaveLength(2);
    clock.advance(60_000);
    await ask();
    expect(asked).toHaveLength(3);
  });

  test('reads a policy anew for each route', async () => {
    const only = policy('Allow', `${ARN}/$default/GET/*`);
    const { ask, asked } = await start(() => only, { cacheSeconds: 60, simpleResponses: false });
    expect((await ask()).status).toBe(200);
    expect((await ask('/rooms/7', { method: 'POST' })).status).toBe(403);
    expect(asked).toHaveLength(1);
  });

  test('is per route where the route is among the identity sources', async () => {
    const identitySources = ['$request.header.Authorization', '$context.routeKey'];
    const { ask, asked } = await start(() => ({ isAuthorized: true }), {
      cacheSeconds: 60,
      identitySources,
    });
    await ask();
    await ask('/rooms/7', { method: 'POST' });
    expect(asked).toHaveLength(2);
  });

  test('is off without a time', async () => {
    const { ask, asked } = await start(() => ({ isAuthorized: true }));
    await ask();
    await ask();
    expect(asked).toHaveLength(2);
  });
});

test('an authorization that is not run lets nobody in', async () => {
  const api = await startHttpApi({
    routes: [routeTo('$default', 'echo', { authorizer: { kind: 'refuse' } })],
    handlers: {},
  });
  expect(await api.get('/')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
});
