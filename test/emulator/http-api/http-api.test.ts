import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { createAccountThrottle } from '../../../emulator/gateway/account-throttle.ts';
import type { Event } from './http-api-server.ts';
import { routeTo, startHttpApi } from './http-api-server.ts';

const echo = { echo: (event: Event) => event };

describe('[DOC n1] the event of payload format 2.0', () => {
  test('has every key that a request gives it', async () => {
    const stages = [{ name: 'prod', deployed: true, variables: { tier: 'gold' } }];
    const api = await startHttpApi({
      routes: [routeTo('POST /rooms/{room}/{rest+}', 'echo')],
      api: { stages },
      handlers: echo,
      clock: manualClock(Date.UTC(2026, 2, 12, 19, 3, 58)),
    });
    const { text } = await api.get('/prod/rooms/a%20b/c/d?x=1&y=%C3%A9&x=2', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        Cookie: 'one=1; two=2',
        'X-Own': 'yes',
        'User-Agent': 'test',
      },
      body: '{"a":1}',
    });
    const host = api.url.replace('http://', '');
    const event = JSON.parse(text) as Event & { headers: Record<string, string> };
    expect(Object.keys(event)).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'cookies',
      'headers',
      'queryStringParameters',
      'requestContext',
      'pathParameters',
      'stageVariables',
      'body',
      'isBase64Encoded',
    ]);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /rooms/{room}/{rest+}',
      rawPath: '/prod/rooms/a b/c/d',
      rawQueryString: 'x=1&y=%C3%A9&x=2',
      cookies: ['one=1', 'two=2'],
      headers: {
        'x-own': 'yes',
        host,
        'content-length': '7',
        'x-forwarded-proto': 'https',
        'x-forwarded-for': '127.0.0.1',
      },
      queryStringParameters: { x: '1,2', y: 'é' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'abcd123',
        domainName: host,
        http: {
          method: 'POST',
          path: '/prod/rooms/a b/c/d',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/^[\w-]{15}=$/),
        routeKey: 'POST /rooms/{room}/{rest+}',
        stage: 'prod',
        time: '12/Mar/2026:19:03:58 +0000',
        timeEpoch: Date.UTC(2026, 2, 12, 19, 3, 58),
      },
      pathParameters: { room: 'a b', rest: 'c/d' },
      stageVariables: { tier: 'gold' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.headers).not.toHaveProperty('connection');
  });

  test('has nothing for what a request leaves out', async () => {
    const api = await startHttpApi({ routes: [routeTo('$default', 'echo')], handlers: echo });
    const event = (await api.get('/')).json() as Event;
    expect(Object.keys(event)).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'requestContext',
      'isBase64Encoded',
    ]);
    expect(event).toMatchObject({ routeKey: '$default', rawPath: '/', rawQueryString: '' });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  test.each([
    ['text/plain', false],
    ['text/html; charset=utf-8', false],
    ['application/json', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['application/jsonlines', true],
    ['', true],
  ])('has a body of the type "%s" in base64: %s', async (type, encoded) => {
    const api = await startHttpApi({ routes: [routeTo('$default', 'echo')], handlers: echo });
    const answer = await api.get('/', {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: Buffer.from('a=ü'),
    });
    expect(answer.json()).toMatchObject({
      body: encoded ? Buffer.from('a=ü').toString('base64') : 'a=ü',
      isBase64Encoded: encoded,
    });
  });
});

describe('[DOC n2] the event of payload format 1.0', () => {
  test('has single values and lists, and null for what is not there', async () => {
    const api = await startHttpApi({
      routes: [routeTo('GET /rooms/{room}', 'echo', { payloadFormat: '1.0' })],
      handlers: { echo: (event) => ({ statusCode: 200, body: JSON.stringify(event) }) },
    });
    const event = (await api.get('/rooms/7?x=1&x=2', { headers: { 'X-Own': 'yes' } })).json();
    expect(event).toMatchObject({
      version: '1.0',
      resource: '/rooms/{room}',
      path: '/rooms/7',
      httpMethod: 'GET',
      headers: expect.objectContaining({ 'X-Own': 'yes' }),
      multiValueHeaders: expect.objectContaining({ 'X-Own': ['yes'] }),
      queryStringParameters: { x: '1' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      requestContext: {
        authorizer: { claims: null, scopes: null },
        httpMethod: 'GET',
        identity: { accountId: null, sourceIp: '127.0.0.1' },
        resourceId: null,
        resourcePath: '/rooms/{room}',
        stage: '$default',
      },
      pathParameters: { room: '7' },
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  test('infers nothing from an answer without a status', async () => {
    const api = await startHttpApi({
      routes: [routeTo('$default', 'bare', { payloadFormat: '1.0' })],
      handlers: { bare: () => ({ hello: 1 }) },
    });
    expect(await api.get('/')).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
  });
});

describe('what a client gets of what a function returns', () => {
  const answerTo = async (payload: unknown) => {
    const api = await startHttpApi({
      routes: [routeTo('$default', 'fixed')],
      handlers: { fixed: () => payload },
    });
    return api.get('/');
  };

  test.each([
    [{ message: 'hello' }, '{"message":"hello"}'],
    ['hello', 'hello'],
    [[1, 2], '[1,2]'],
  ])('[DOC n3] is the whole of %j, as JSON, without a status', async (payload, text) => {
    const answer = await answerTo(payload);
    expect(answer).toMatchObject({ status: 200, text });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test('[DOC n4] is status, headers, cookies and body', async () => {
    const answer = await answerTo({
      statusCode: 201,
      headers: { 'X-Own': 'yes', 'Content-Type': 'text/html', 'Content-Length': 99 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '<p>',
    });
    expect(answer).toMatchObject({ status: 201, text: '<p>' });
    expect(answer.headers.get('x-own')).toBe('yes');
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(answer.headers.get('apigw-requestid')).toMatch(/^[\w-]{15}=$/);
  });

  test('[DOC n4] is decoded when it says that it is base64', async () => {
    const body = Buffer.from('ü').toString('base64');
    expect(await answerTo({ statusCode: 200, body, isBase64Encoded: true })).toMatchObject({
      text: 'ü',
    });
  });

  test('is no body where HTTP has none', async () => {
    const answer = await answerTo({ statusCode: 204 });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers.get('content-length')).toBeNull();
  });

  test.each([
    [{ statusCode: 'fine' }],
    [{ statusCode: 101 }],
    [{ statusCode: 200, body: { a: 1 } }],
  ])('is an internal error when it cannot be read: %j', async (payload) => {
    expect(await answerTo(payload)).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
  });

  test('never holds a header that would break the response', async () => {
    const answer = await answerTo({
      statusCode: 200,
      headers: { 'a b': 'c', Trailer: 'x', ok: 'x\r\nevil: 1', fine: 'é' },
    });
    expect(answer.headers.get('evil')).toBeNull();
    expect(answer.headers.get('fine')).toBe('é');
  });
});

describe('what API Gateway answers itself', () => {
  const failing = {
    outcome: 'failed',
    requestId: 'r',
    errorType: 'Error',
    errorMessage: 'no',
    timedOut: false,
  } as const;
  const options = {
    routes: [
      routeTo('GET /failed', 'failed'),
      routeTo('GET /denied', 'denied'),
      { routeKey: 'GET /bare' },
    ],
    handlers: {},
    endings: { failed: failing, denied: { outcome: 'denied', requestId: 'r' } },
  } as const;

  test.each([
    ['[DOC n5] no route', '/none', 404, 'Not Found'],
    ['a function that fails', '/failed', 500, 'Internal Server Error'],
    ['[DOC n6] a function without permission', '/denied', 500, 'Internal Server Error'],
    ['a route without integration', '/bare', 500, 'Internal Server Error'],
  ])('to %s: %s is %i', async (_title, path, status, message) => {
    const answer = await (await startHttpApi(options)).get(path);
    expect(answer).toMatchObject({ status, text: JSON.stringify({ message }) });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test('[DOC n7] to a function that takes longer than its integration: 503', async () => {
    const clock = manualClock();
    const api = await startHttpApi({
      routes: [routeTo('$default', 'slow')],
      handlers: {
        slow: () => {
          clock.advance(30_000);
          return new Promise(() => {});
        },
      },
      clock,
    });
    expect(await api.get('/')).toMatchObject({
      status: 503,
      text: '{"message":"Service Unavailable"}',
    });
  });

  test('[DOC n8] to a body of more than 10 MB: 413, and no function hears of it', async () => {
    const api = await startHttpApi({ routes: [routeTo('$default', 'echo')], handlers: echo });
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect(await api.get('/', { method: 'POST', body })).toMatchObject({
      status: 413,
      text: '{"message":"Request Entity Too Large"}',
    });
    expect(api.invokers).toEqual([]);
  });

  test('[DOC n9] to headers of more than 10,240 bytes: 431', async () => {
    const api = await startHttpApi({ routes: [routeTo('$default', 'echo')], handlers: echo });
    expect(await api.get('/', { headers: { long: 'x'.repeat(10_240) } })).toMatchObject({
      status: 431,
    });
  });

  test('[DOC e12] to more than the throttle of a stage lets through: 429', async () => {
    const stages = [
      { name: '$default', deployed: true, variables: {}, throttle: { rate: 1, burst: 1 } },
    ];
    const clock = manualClock();
    const api = await startHttpApi({
      routes: [routeTo('$default', 'echo')],
      api: { stages },
      handlers: echo,
      clock,
    });
    expect((await api.get('/')).status).toBe(200);
    expect(await api.get('/')).toMatchObject({
      status: 429,
      text: '{"message":"Too Many Requests"}',
    });
    clock.advance(1_000);
    expect((await api.get('/')).status).toBe(200);
  });
});

test('[DOC e11] a request beyond those of the account, which all its APIs share, is answered 429', async () => {
  const clock = manualClock();
  const quotas = { requestBurst: 2, requestsPerSecond: 1 };
  const throttle = createAccountThrottle({ quotas, clock, log: () => {} });
  const start = () =>
    startHttpApi({ routes: [routeTo('$default', 'echo')], handlers: echo, clock, throttle });
  const [one, other] = [await start(), await start()];
  const statuses = [await one.get('/'), await other.get('/'), await one.get('/')];
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect((await other.get('/')).text).toBe('{"message":"Too Many Requests"}');
});

describe('stages', () => {
  test('[DOC n10] are named by the first part of the path, or are the default', async () => {
    const stage = (name: string, deployed = true) => ({ name, deployed, variables: {} });
    const api = await startHttpApi({
      routes: [routeTo('GET /', 'where'), routeTo('GET /x', 'where'), routeTo('GET /old', 'where')],
      api: { stages: [stage('$default'), stage('beta'), stage('old', false)] },
      handlers: { where: ({ requestContext }) => ({ stage: requestContext['stage'] }) },
    });
    const stageOf = async (path: string) => (await api.get(path)).json();
    expect(await stageOf('/')).toEqual({ stage: '$default' });
    expect(await stageOf('/x')).toEqual({ stage: '$default' });
    expect(await stageOf('/beta/x')).toEqual({ stage: 'beta' });
    expect(await stageOf('/beta')).toEqual({ stage: 'beta' });
    expect(await stageOf('/old')).toEqual({ stage: '$default' });
    expect(await stageOf('/$default/x')).toEqual({ message: 'Not Found' });
  });
});

test('asks the permission of a function by stage, method and the path of the route', async () => {
  const api = await startHttpApi({
    routes: [routeTo('ANY /rooms/{id}', 'echo'), routeTo('$default', 'echo')],
    handlers: echo,
  });
  await api.get('/rooms/7', { method: 'PUT' });
  await api.get('/else');
  const arn = 'arn:aws:execute-api:us-east-1:123456789012:abcd123';
  expect(api.invokers).toMatchObject([
    {
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: `${arn}/$default/PUT/rooms/{id}`,
    },
    { kind: 'service', sourceArn: `${arn}/$default/$default` },
  ]);
});

test('counts requests in units of 512 KB on the account of their route', async () => {
  const api = await startHttpApi({
    routes: [routeTo('POST /in', 'small')],
    handlers: { small: () => 'ok' },
  });
  await api.get('/in', { method: 'POST', body: Buffer.alloc(512 * 1024 + 1) });
  await api.get('/nowhere');
  expect(api.meter.entries()).toEqual([
    {
      count: 'http.requests',
      resource: 'Test/Api',
      cause: { api: 'Test/Api', route: 'POST /in' },
      amount: 2,
    },
    {
      count: 'transfer.out',
      resource: 'Test/Api',
      cause: { api: 'Test/Api', route: 'POST /in' },
      amount: 2,
    },
    {
      count: 'http.requests',
      resource: 'Test/Api',
      cause: { api: 'Test/Api', route: '(unrouted)' },
      amount: 1,
    },
  ]);
});
