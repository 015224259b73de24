import { afterEach, describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { connect } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer, GatewayServerOptions } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';

/**
 * Goal: what the contract app cannot show, as it has no $default and cannot be denied, throttled or
 * held up. Method: real sockets, a manual clock where time matters.
 */
const servers: GatewayServer[] = [];

async function serve(options: GatewayServerOptions): Promise<GatewayServer> {
  const server = await startGatewayServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const routeKeyOf = (event: { requestContext: { routeKey: string }; body: string }) => ({
  body: `${event.requestContext.routeKey}: ${event.body}`,
});

describe('$default', () => {
  test.for([
    'hi',
    '{"action":"nobody"}',
    '{}',
    '{"action":"$connect"}',
    '{"action":"$disconnect"}',
  ])('[REC a5] takes what has no route of its own, under the key $default: %s', async (message) => {
    const server = await serve({
      api: apiOf([
        routeTo('$connect', 'connect'),
        routeTo('$disconnect', 'disconnect'),
        routeTo('$default', 'default', { twoWay: true }),
      ]),
      handlers: {
        [arnOf('default')]: routeKeyOf,
        [arnOf('connect')]: () => ({ statusCode: 200 }),
      },
    });
    const client = await connect(server.url);
    client.send(message);
    expect(await client.next()).toBe(`$default: ${message}`);
  });
});

describe('the gateway itself', () => {
  test.for(['denied', 'throttled', 'missing'] as const)(
    '[UNV b] answers Internal server error when the function is %s, one-way too',
    async (outcome) => {
      const server = await serve({
        api: apiOf([routeTo('x', 'x')]),
        endings: { [arnOf('x')]: { outcome, requestId: 'r' } },
      });
      const client = await connect(server.url);
      client.send('{"action":"x"}');
      expect(await client.next()).toMatch(/^\{"message": "Internal server error", /);
      expect(server.log).toHaveLength(1);
    },
  );

  test('[UNV b] answers Internal server error on a route without an integration', async () => {
    const server = await serve({ api: apiOf([{ routeKey: 'x', returnsResponse: false }]) });
    const client = await connect(server.url);
    client.send('{"action":"x"}');
    expect(await client.next()).toMatch(/^\{"message": "Internal server error", /);
  });

  test('[ISSUE b] stops waiting at the time limit, and drops what comes later', async () => {
    const clock = manualClock();
    const held = Promise.withResolvers<unknown>();
    const started = Promise.withResolvers<void>();
    const server = await serve({
      api: apiOf([routeTo('x', 'x', { twoWay: true })]),
      clock,
      handlers: {
        [arnOf('x')]: () => {
          started.resolve();
          return held.promise;
        },
      },
    });
    const client = await connect(server.url);
    client.send('{"action":"x"}');
    await started.promise;
    clock.advance(28_999);
    await client.roundTrip();
    expect(client.unread()).toEqual([]);
    clock.advance(1);
    expect(await client.next()).toMatch(/^\{"message": "Endpoint request timed out", /);
    held.resolve({ body: 'too late' });
    await server.activity.quiet();
    await client.roundTrip();
    expect(client.unread()).toEqual([]);
  });

  test('[UNV b] answers Too Many Requests above the throttle of the stage, each route apart', async () => {
    const clock = manualClock();
    const throttle = { rate: 1, burst: 2 };
    const server = await serve({
      api: apiOf([routeTo('x', 'x', { twoWay: true }), routeTo('y', 'x', { twoWay: true })], {
        stages: [{ name: 'prod', deployed: true, variables: {}, throttle }],
      }),
      clock,
      handlers: { [arnOf('x')]: routeKeyOf },
    });
    const client = await connect(server.url);
    const ask = async (action: string) => {
      client.send(JSON.stringify({ action }));
      return (await client.next()).slice(0, 32);
    };
    expect([await ask('x'), await ask('x')]).toEqual(['x: {"action":"x"}', 'x: {"action":"x"}']);
    expect(await ask('x')).toBe('{"message": "Too Many Requests",');
    expect(await ask('y')).toBe('y: {"action":"y"}');
    clock.advance(1000);
    expect(await ask('x')).toBe('x: {"action":"x"}');
  });

  test('[DOC b7] invokes for each message at once, and answers as the functions end', async () => {
    const held: (() => void)[] = [];
    const all = Promise.withResolvers<void>();
    const server = await serve({
      api: apiOf([routeTo('x', 'x', { twoWay: true })]),
      handlers: {
        [arnOf('x')]: (event: { body: string }) =>
          new Promise((resolve) => {
            held.push(() => resolve({ body: event.body }));
            if (held.length === 3) all.resolve();
          }),
      },
    });
    const client = await connect(server.url);
    const messages = [1, 2, 3].map((n) => JSON.stringify({ action: 'x', n }));
    for (const message of messages) client.send(message);
    await all.promise;
    for (const release of held.toReversed()) release();
    const answers = [await client.next(), await client.next(), await client.next()];
    expect(answers.toSorted()).toEqual(messages);
  });

  test('[DOC b4] sends a long body as one message', async () => {
    const body = 'x'.repeat(100_000);
    const server = await serve({
      api: apiOf([routeTo('x', 'x', { twoWay: true })]),
      handlers: { [arnOf('x')]: () => ({ body }) },
    });
    const client = await connect(server.url);
    client.send('{"action":"x"}');
    expect(await client.next()).toBe(body);
  });

  test.for([null, 'text', { body: 7 }, { body: null }])(
    'sends nothing when a two-way route returns %j',
    async (result) => {
      const server = await serve({
        api: apiOf([routeTo('x', 'x', { twoWay: true })]),
        handlers: { [arnOf('x')]: () => result },
      });
      const client = await connect(server.url);
      client.send('{"action":"x"}');
      await client.roundTrip();
      await server.activity.quiet();
      await client.roundTrip();
      expect(client.unread()).toEqual([]);
    },
  );
});
