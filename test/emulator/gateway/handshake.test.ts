import { connect as connectSocket } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { connect, handshake } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer, GatewayServerOptions } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';
import { exchange, upgradeRequest } from './raw-client.ts';

/**
 * Goal: every way a handshake can be answered, to the byte where a byte matters.
 * Method: real sockets; the bytes are written by hand where a library would tidy them up.
 */
const DATE = /^Date: .*\r\n/m;
const servers: GatewayServer[] = [];

async function serve(options: GatewayServerOptions): Promise<GatewayServer> {
  const server = await startGatewayServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const CONNECT = routeTo('$connect', 'connect');
const authorizer = (identitySources: readonly string[]) => ({
  ...CONNECT,
  authorizer: { authorizerId: 'auth0r', functionArn: arnOf('authorizer'), identitySources },
});
const ALLOW = (event: { methodArn: string }) => ({
  principalId: 'ann',
  policyDocument: {
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn }],
  },
});
const statusOf = async (server: GatewayServer, query = '') =>
  (await handshake(`${server.url}${query}`)).status;

describe('the bytes of an answer', () => {
  test("[REC c9] are API Gateway's 101, in its header case and order", async () => {
    const server = await serve({ api: apiOf([]) });
    const socket = connectSocket(server.port, '127.0.0.1');
    socket.write(upgradeRequest('/prod'));
    const [chunk] = await new Promise<Buffer[]>((resolve) =>
      socket.once('data', (data) => resolve([data])),
    );
    socket.destroy();
    expect(String(chunk).replace(DATE, '')).toBe(
      'HTTP/1.1 101 Switching Protocols\r\n' +
        'Connection: upgrade\r\n' +
        'upgrade: websocket\r\n' +
        'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    );
  });

  test('[UNV c] are plain HTTP for a stage that is not there, and the socket is closed', async () => {
    const server = await serve({ api: apiOf([]) });
    const answer = await exchange(server.port, upgradeRequest('/nosuchstage'));
    expect(answer.replace(DATE, '')).toBe(
      'HTTP/1.1 403 Forbidden\r\n' +
        'Content-Type: application/json\r\n' +
        'x-amzn-ErrorType: ForbiddenException\r\n' +
        'Content-Length: 23\r\n' +
        'Connection: close\r\n\r\n' +
        '{"message":"Forbidden"}',
    );
  });

  test('[REC c2] have no body when $connect refused', async () => {
    const handlers = { [arnOf('connect')]: () => ({ statusCode: 401, body: 'secret' }) };
    const server = await serve({ api: apiOf([CONNECT]), handlers });
    const answer = await exchange(server.port, upgradeRequest('/prod'));
    expect(answer.replace(DATE, '')).toBe(
      'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
  });

  test('never negotiate compression', async () => {
    const server = await serve({ api: apiOf([]) });
    const answer = await handshake(server.url, {
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
    });
    expect(answer.status).toBe(101);
    expect(answer.headers['sec-websocket-extensions']).toBeUndefined();
  });

  test('hold no header that a function smuggled into its subprotocol', async () => {
    const headers = { 'Sec-WebSocket-Protocol': 'x\r\nSet-Cookie: a=b' };
    const handlers = { [arnOf('connect')]: () => ({ statusCode: 200, headers }) };
    const server = await serve({ api: apiOf([CONNECT]), handlers });
    expect((await handshake(server.url)).rawHeaders).toHaveLength(8);
  });
});

describe('the ladder', () => {
  test('[DOC c12] leaves the client waiting until $connect has ended', async () => {
    const [invoked, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const connected = async () => {
      invoked.resolve();
      await ended.promise;
      return { statusCode: 200 };
    };
    const server = await serve({
      api: apiOf([CONNECT]),
      handlers: { [arnOf('connect')]: connected },
    });
    let answered = false;
    const answer = handshake(server.url).then(({ status }) => {
      answered = true;
      return status;
    });
    await invoked.promise;
    // A whole round trip on another socket: an answer that was sent would have arrived by now.
    await fetch(server.management);
    expect(answered).toBe(false);
    ended.resolve();
    expect(await answer).toBe(101);
  });

  test('[DOC c7] lets everybody in without a $connect route', async () => {
    const server = await serve({ api: apiOf([]) });
    expect([
      await statusOf(server),
      await statusOf(server, '/'),
      await statusOf(server, '?x=1'),
    ]).toEqual([101, 101, 101]);
  });

  test('[EXP i] refuses with 403 on a stage that nothing was deployed to', async () => {
    const stages = [{ name: 'prod', deployed: false, variables: {} }];
    expect(await statusOf(await serve({ api: apiOf([], { stages }) }))).toBe(403);
  });

  test.for(['/', '/prod/more', '/%E0%A4%A', '//prod'])(
    '[UNV c] refuses the path %s with 403',
    async (path) => {
      const server = await serve({ api: apiOf([]) });
      expect(await exchange(server.port, upgradeRequest(path))).toContain(' 403 Forbidden');
    },
  );

  test('[DOC e4] refuses a URL over 4,096 characters with 414', async () => {
    const server = await serve({ api: apiOf([]) });
    expect(await statusOf(server, `?${'x'.repeat(4096 - '/prod?'.length)}`)).toBe(101);
    expect(await statusOf(server, `?${'x'.repeat(4097 - '/prod?'.length)}`)).toBe(414);
  });

  test.for<[name: string, headers: Record<string, string>, status: number]>([
    ['another protocol', { Upgrade: 'h2c' }, 426],
    ['a key that is none', { 'Sec-WebSocket-Key': 'short' }, 400],
    ['another version', { 'Sec-WebSocket-Version': '8' }, 400],
  ])('refuses an upgrade with %s before any function runs', async ([, headers, status]) => {
    const server = await serve({ api: apiOf([CONNECT]) });
    expect((await handshake(server.url, headers)).status).toBe(status);
    expect(server.invokers).toEqual([]);
  });

  test('takes a list of subprotocols that `ws` would refuse, as the function is to judge it', async () => {
    const server = await serve({ api: apiOf([]) });
    expect((await handshake(server.url, { 'Sec-WebSocket-Protocol': 'one,,one' })).status).toBe(
      101,
    );
  });

  test('[UNV c] answers 500 when no permission lets the gateway in, and says what is missing', async () => {
    const endings = { [arnOf('connect')]: { outcome: 'denied', requestId: 'x' } as const };
    const server = await serve({ api: apiOf([CONNECT]), endings });
    const answer = await handshake(server.url);
    expect([answer.status, JSON.parse(answer.body).message]).toEqual([
      500,
      'Internal server error',
    ]);
    expect(server.log.join('\n')).toContain('no AWS::Lambda::Permission lets arn:aws:execute-api:');
    expect(server.invokers).toEqual([
      {
        kind: 'service',
        service: 'apigateway.amazonaws.com',
        sourceArn: 'arn:aws:execute-api:us-east-1:123456789012:abcd123/prod/$connect',
        cause: { api: 'Test/Api', route: '$connect' },
      },
    ]);
  });

  test.for(['throttled', 'missing'] as const)(
    '[UNV c] answers 500 when $connect is %s',
    async (outcome) => {
      const endings = { [arnOf('connect')]: { outcome, requestId: 'x' } };
      expect(await statusOf(await serve({ api: apiOf([CONNECT]), endings }))).toBe(500);
    },
  );

  test('[UNV c] answers 504 when $connect exceeds its time limit', async () => {
    const clock = manualClock();
    const handlers = { [arnOf('connect')]: () => new Promise(() => clock.advance(29_000)) };
    const server = await serve({ api: apiOf([CONNECT]), handlers, clock });
    expect(await statusOf(server)).toBe(504);
  });

  test.for([null, 'ok', {}, { statusCode: 'two' }, { statusCode: 101 }, { statusCode: 200.5 }])(
    '[UNV c] answers 502 when $connect returns %j',
    async (result) => {
      const handlers = { [arnOf('connect')]: () => result };
      expect(await statusOf(await serve({ api: apiOf([CONNECT]), handlers }))).toBe(502);
    },
  );

  test('takes a status that is a text', async () => {
    const handlers = { [arnOf('connect')]: () => ({ statusCode: '200' }) };
    expect(await statusOf(await serve({ api: apiOf([CONNECT]), handlers }))).toBe(101);
  });

  test('[INF c] invokes no $disconnect for a client that was refused', async () => {
    const handlers = { [arnOf('connect')]: () => ({ statusCode: 403 }) };
    const routes = [CONNECT, routeTo('$disconnect', 'disconnect')];
    const server = await serve({ api: apiOf(routes), handlers });
    expect(await statusOf(server)).toBe(403);
    await server.activity.quiet();
    expect(server.invokers).toHaveLength(1);
    expect(server.gateway.connections()).toEqual([]);
  });

  test('invokes $disconnect for a client that left while $connect took it in', async () => {
    const ended = Promise.withResolvers<{ requestContext: object }>();
    const arrived = Promise.withResolvers<() => void>();
    const handlers = {
      [arnOf('connect')]: () =>
        new Promise((resolve) => arrived.resolve(() => resolve({ statusCode: 200 }))),
      [arnOf('disconnect')]: ended.resolve,
    };
    const routes = [CONNECT, routeTo('$disconnect', 'disconnect')];
    const server = await serve({ api: apiOf(routes), handlers });
    const gone = Promise.withResolvers<void>();
    server.http.once('connection', (peer) => peer.once('close', gone.resolve));
    const socket = connectSocket(server.port, '127.0.0.1');
    socket.write(upgradeRequest('/prod'));
    const letIn = await arrived.promise;
    socket.resetAndDestroy();
    await gone.promise;
    letIn();
    expect((await ended.promise).requestContext).toMatchObject({ disconnectStatusCode: 1006 });
  });
});

describe('the authorizer', () => {
  const serveAuthorized = (sources: readonly string[], answer: unknown = ALLOW) =>
    serve({
      api: apiOf([authorizer(sources)], {
        stages: [{ name: 'prod', deployed: true, variables: { colour: 'green' } }],
      }),
      handlers: {
        [arnOf('authorizer')]:
          typeof answer === 'function' ? (event) => answer(event) : () => answer,
        [arnOf('connect')]: () => ({ statusCode: 200 }),
      },
    });

  test.for<[source: string, query: string, headers: Record<string, string>]>([
    ['route.request.querystring.token', '?token=x', {}],
    ['route.request.header.X-Token', '', { 'x-token': 'x' }],
    ['stageVariables.colour', '', {}],
    ['context.apiId', '', {}],
  ])('[DOC c4] is asked when the client has %s', async ([source, query, headers]) => {
    const server = await serveAuthorized([source]);
    expect((await handshake(`${server.url}${query}`, headers)).status).toBe(101);
  });

  test.for([
    'route.request.querystring.token',
    'route.request.header.X-Token',
    'stageVariables.size',
    'nonsense',
  ])('[DOC c4] is not even asked without %s', async (source) => {
    const server = await serveAuthorized([source]);
    expect((await handshake(server.url)).status).toBe(401);
    expect(server.invokers).toEqual([]);
  });

  test('[EXP i] is invoked under the ARN of the authorizer', async () => {
    const server = await serveAuthorized([]);
    await handshake(server.url);
    expect(server.invokers[0]).toMatchObject({
      sourceArn: 'arn:aws:execute-api:us-east-1:123456789012:abcd123/authorizers/auth0r',
      cause: { api: 'Test/Api', route: '$connect' },
    });
  });

  test.for([null, { principalId: 'ann' }, { isAuthorized: true }])(
    '[UNV c] is answered 500 when it returns %j',
    async (answer) => {
      expect((await handshake((await serveAuthorized([], answer)).url)).status).toBe(500);
    },
  );

  test('[UNV c] is answered 500 when it exceeds its time limit', async () => {
    const clock = manualClock();
    const server = await serve({
      api: apiOf([authorizer([])]),
      handlers: { [arnOf('authorizer')]: () => new Promise(() => clock.advance(29_000)) },
      clock,
    });
    expect((await handshake(server.url)).status).toBe(500);
  });

  test('[DOC c5] refuses before $connect is invoked', async () => {
    const server = await serveAuthorized([], {
      principalId: 'ann',
      policyDocument: { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
    });
    expect((await handshake(server.url)).status).toBe(403);
    expect(server.invokers).toHaveLength(1);
  });
});

test('a connection made while others are refused works', async () => {
  const server = await serve({
    api: apiOf([routeTo('echo', 'echo', { twoWay: true })]),
    handlers: {
      [arnOf('echo')]: () => ({ body: 'heard' }),
    },
  });
  await exchange(server.port, upgradeRequest('/nosuchstage'));
  const client = await connect(server.url);
  client.send('{"action":"echo"}');
  expect(await client.next()).toBe('heard');
});
