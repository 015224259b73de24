import { afterEach, describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { connect, handshake } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer, GatewayServerOptions } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';

/**
 * Goal: what the functions of one connection are told over its whole life, and in which order. Method:
 * one connection that comes, speaks twice and goes, on a clock that moves in between.
 */
interface Told {
  readonly requestContext: Readonly<Record<string, unknown>>;
}

const servers: GatewayServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: GatewayServerOptions): Promise<GatewayServer> {
  const server = await startGatewayServer(options);
  servers.push(server);
  return server;
}

const CONNECTED_AT = Date.UTC(2026, 0, 1);
const ID = /^[\w-]{15}=$/;

/** The contexts of `$connect`, two messages and `$disconnect`, a second after another. */
async function life(): Promise<{ readonly told: readonly Told['requestContext'][]; host: string }> {
  const told: Told['requestContext'][] = [];
  const gone = Promise.withResolvers<void>();
  const hear = ({ requestContext }: Told) => {
    told.push(requestContext);
    if (requestContext['routeKey'] === '$disconnect') gone.resolve();
    return { statusCode: 200, body: 'heard' };
  };
  const clock = manualClock(CONNECTED_AT);
  const server = await serve({
    api: apiOf([
      routeTo('$connect', 'hear'),
      routeTo('say', 'hear', { twoWay: true }),
      routeTo('$disconnect', 'hear'),
    ]),
    handlers: { [arnOf('hear')]: hear },
    clock,
  });
  const client = await connect(server.url);
  for (let message = 0; message < 2; message += 1) {
    clock.advance(1_000);
    client.send('{"action":"say"}');
    await client.next();
  }
  clock.advance(1_000);
  client.close();
  await gone.promise;
  return { told, host: `127.0.0.1:${server.port}` };
}

const each = (told: readonly Told['requestContext'][], key: string) =>
  told.map((context) => context[key]);

describe('the events of one connection', () => {
  test('[REC a14] have one request id, under both its names, and never the same again', async () => {
    const { told } = await life();
    expect(each(told, 'requestId')).toEqual(each(told, 'extendedRequestId'));
    expect(new Set(each(told, 'requestId')).size).toBe(4);
  });

  test('[DOC a15] have a message id when they are messages, and only then', async () => {
    const { told } = await life();
    const id = expect.stringMatching(ID) as string;
    expect(each(told, 'messageId')).toEqual([undefined, id, id, undefined]);
    expect(told[1]?.['messageId']).not.toBe(told[2]?.['messageId']);
  });

  test('[REC a16] tell in milliseconds when it connected, always the same, and when each was', async () => {
    const { told } = await life();
    expect(each(told, 'connectedAt')).toEqual([
      CONNECTED_AT,
      CONNECTED_AT,
      CONNECTED_AT,
      CONNECTED_AT,
    ]);
    expect(each(told, 'requestTimeEpoch')).toEqual(
      [0, 1_000, 2_000, 3_000].map((later) => CONNECTED_AT + later),
    );
  });

  test('[DOC a17] are of the types CONNECT, MESSAGE and DISCONNECT', async () => {
    const { told } = await life();
    expect(each(told, 'eventType')).toEqual(['CONNECT', 'MESSAGE', 'MESSAGE', 'DISCONNECT']);
  });

  test('[REC a18] are all of the direction IN', async () => {
    const { told } = await life();
    expect(new Set(each(told, 'messageDirection'))).toEqual(new Set(['IN']));
  });

  test('[REC a19] name the host that the client used, without scheme and stage', async () => {
    const { told, host } = await life();
    expect(new Set(each(told, 'domainName'))).toEqual(new Set([host]));
  });
});

describe('routes that no message selects', () => {
  test('[DOC b8] $connect and $disconnect never fall back to $default', async () => {
    const routes: unknown[] = [];
    const server = await serve({
      api: apiOf([routeTo('$default', 'any', { twoWay: true })]),
      handlers: {
        [arnOf('any')]: ({ requestContext }: Told) => {
          routes.push(requestContext['routeKey']);
          return { body: 'heard' };
        },
      },
    });
    const client = await connect(server.url);
    client.send('x');
    await client.next();
    client.close();
    await client.closed;
    // By then the server has seen the end of the first.
    const next = await connect(server.url);
    await next.roundTrip();
    await server.activity.quiet();
    expect(routes).toEqual(['$default']);
  });

  test('[DOC a20] an authorizer is asked at $connect and at no other route', async () => {
    const asked: string[] = [];
    const guard = { authorizerId: 'auth0r', functionArn: arnOf('gate'), identitySources: [] };
    const server = await serve({
      api: apiOf([
        { ...routeTo('$connect', 'echo'), authorizer: guard },
        { ...routeTo('$default', 'echo', { twoWay: true }), authorizer: guard },
      ]),
      handlers: {
        [arnOf('gate')]: ({ methodArn }: { methodArn: string }) => {
          asked.push(methodArn.split('/').slice(1).join('/'));
          const Statement = [
            { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: methodArn },
          ];
          return { principalId: 'ann', policyDocument: { Statement } };
        },
        [arnOf('echo')]: () => ({ statusCode: 200, body: 'heard' }),
      },
    });
    const client = await connect(server.url);
    client.send('x');
    expect(await client.next()).toBe('heard');
    expect(asked).toEqual(['prod/$connect']);
  });
});

describe('$connect', () => {
  test('[DOC c19] has no way to tell the client anything by its body', async () => {
    const body = 'not for the client';
    const server = await serve({
      api: apiOf([routeTo('$connect', 'connect', { twoWay: true })]),
      handlers: { [arnOf('connect')]: () => ({ statusCode: 200, body }) },
    });
    expect((await handshake(server.url)).body).toBe('');
    const client = await connect(server.url);
    await server.activity.quiet();
    await client.roundTrip();
    expect(client.unread()).toEqual([]);
  });
});

describe('$disconnect', () => {
  const serveLeaving = (leave: () => unknown) =>
    serve({
      api: apiOf([routeTo('$disconnect', 'leave')]),
      handlers: { [arnOf('leave')]: leave },
    });

  test('[DOC c13] runs once the connection is closed', async () => {
    const open = Promise.withResolvers<number>();
    const server: GatewayServer = await serveLeaving(() =>
      open.resolve(server.gateway.connections().length),
    );
    const client = await connect(server.url);
    client.close();
    expect(await open.promise).toBe(0);
  });

  test('[DOC c13] is best effort: one that fails is not tried again', async () => {
    const ran = Promise.withResolvers<void>();
    let runs = 0;
    const server = await serveLeaving(() => {
      runs += 1;
      ran.resolve();
      throw new Error('no');
    });
    const client = await connect(server.url);
    client.close();
    await ran.promise;
    await server.activity.quiet();
    expect(runs).toBe(1);
  });
});
