import { afterEach, describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import type { GatewayLimits } from '../../../emulator/gateway/limits.ts';
import type { TestClient } from '../../contract/websocket-client.ts';
import { connect } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';
import { codeOf, openRaw } from './raw-client.ts';

/**
 * Goal: how long a connection lives, and how the gateway itself ends it. Method: a manual clock, and
 * clients that answer a close or do not.
 */
const MINUTE_MS = 60_000;
const servers: GatewayServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(limits: Partial<GatewayLimits> = {}) {
  const clock = manualClock();
  const disconnects: object[] = [];
  let told = () => {};
  const server = await startGatewayServer({
    api: apiOf([routeTo('x', 'x', { twoWay: true }), routeTo('$disconnect', 'disconnect')]),
    clock,
    limits,
    handlers: {
      [arnOf('x')]: () => ({ body: 'heard' }),
      [arnOf('disconnect')]: ({ requestContext }: { requestContext: Record<string, unknown> }) => {
        disconnects.push([
          requestContext['disconnectStatusCode'],
          requestContext['disconnectReason'],
        ]);
        told();
      },
    },
  });
  servers.push(server);
  const firstDisconnect = new Promise<void>((resolve) => (told = resolve));
  return { server, clock, disconnects, firstDisconnect };
}

const speak = async (client: TestClient) => {
  client.send('{"action":"x"}');
  expect(await client.next()).toBe('heard');
};

describe('an idle connection', () => {
  test('[REC c16] is closed after ten minutes with 1001 "Going away"', async () => {
    const { server, clock, disconnects } = await serve();
    const client = await connect(server.url);
    clock.advance(10 * MINUTE_MS - 1);
    await client.roundTrip();
    clock.advance(1);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await server.activity.quiet();
    expect(disconnects).toEqual([[1001, 'Going away']]);
    expect(server.gateway.connections()).toEqual([]);
  });

  test('[ISSUE e] is kept by messages of the client and by posts', async () => {
    const { server, clock } = await serve();
    const client = await connect(server.url);
    clock.advance(9 * MINUTE_MS);
    await speak(client);
    clock.advance(9 * MINUTE_MS);
    const [{ connectionId } = { connectionId: '' }] = server.gateway.connections();
    await fetch(`${server.management}/@connections/${connectionId}`, { method: 'POST', body: 'p' });
    expect(await client.next()).toBe('p');
    clock.advance(10 * MINUTE_MS - 1);
    await speak(client);
  });

  test('[UNV e] is not kept by pings, unless the switch says so', async () => {
    for (const pingResetsIdle of [false, true]) {
      const { server, clock } = await serve({ pingResetsIdle });
      const client = await connect(server.url);
      clock.advance(9 * MINUTE_MS);
      await client.roundTrip();
      clock.advance(2 * MINUTE_MS);
      if (pingResetsIdle) await speak(client);
      else expect((await client.closed).code).toBe(1001);
    }
  });
});

test('[DOC e3] a connection is closed after two hours, however busy', async () => {
  const { server, clock } = await serve();
  const client = await connect(server.url);
  for (let minutes = 0; minutes < 115; minutes += 5) {
    clock.advance(5 * MINUTE_MS);
    await speak(client);
  }
  clock.advance(5 * MINUTE_MS - 1);
  await speak(client);
  clock.advance(1);
  expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
});

test('a client that does not answer the close is cut, and $disconnect has the code of the cause', async () => {
  const { server, clock, disconnects, firstDisconnect } = await serve({ closeWaitMs: 20 });
  const client = await openRaw(server.port);
  clock.advance(10 * MINUTE_MS);
  expect(codeOf(await client.frame())).toBe(1001);
  await firstDisconnect;
  expect(disconnects).toEqual([[1001, 'Going away']]);
});

test('a client that only ends its TCP connection is gone with 1006', async () => {
  const { server, disconnects, firstDisconnect } = await serve();
  const client = await openRaw(server.port);
  client.socket.end();
  await firstDisconnect;
  expect(disconnects).toEqual([[1006, '']]);
});

test('what a client sends after the gateway began to close is not heard', async () => {
  const { server, clock } = await serve();
  const client = await connect(server.url);
  clock.advance(10 * MINUTE_MS);
  client.send('{"action":"x"}');
  await client.closed;
  await server.activity.quiet();
  expect(server.meter.read()['frames.in']).toBeUndefined();
});

describe('closing the gateway', () => {
  test('closes every socket with 1001 and invokes no $disconnect', async () => {
    const { server, disconnects } = await serve();
    const clients = await Promise.all([connect(server.url), connect(server.url)]);
    await server.gateway.close();
    expect(
      (await Promise.all(clients.map(({ closed }) => closed))).map(({ code }) => code),
    ).toEqual([1001, 1001]);
    await server.activity.quiet();
    expect(disconnects).toEqual([]);
    await expect(connect(server.url)).rejects.toThrow('503');
  });

  test('does not wait for clients that do not answer', async () => {
    const { server } = await serve({ closeWaitMs: 20 });
    const client = await openRaw(server.port);
    await server.gateway.close();
    expect(server.gateway.connections()).toEqual([]);
    await client.rest();
  });

  test('answers a handshake that is still waiting', async () => {
    const started = Promise.withResolvers<void>();
    const held = Promise.withResolvers<unknown>();
    const server = await startGatewayServer({
      api: apiOf([routeTo('$connect', 'connect'), routeTo('$disconnect', 'disconnect')]),
      handlers: {
        [arnOf('connect')]: () => {
          started.resolve();
          return held.promise;
        },
      },
    });
    const refused = expect(connect(server.url)).rejects.toThrow('503');
    await started.promise;
    await server.close();
    await refused;
    held.resolve({ statusCode: 200 });
    await server.activity.quiet();
    expect(server.invokers).toHaveLength(1);
  });
});

test('connections() tells who is there', async () => {
  const { server, clock } = await serve();
  const openedAt = clock.now();
  const client = await connect(server.url);
  clock.advance(1000);
  await speak(client);
  expect(server.gateway.connections()).toEqual([
    {
      connectionId: expect.stringMatching(/^[\w-]{15}=$/),
      stage: 'prod',
      sourceIp: '127.0.0.1',
      connectedAt: openedAt,
      lastActiveAt: openedAt + 1000,
    },
  ]);
});
