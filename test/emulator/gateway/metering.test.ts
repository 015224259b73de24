import { afterEach, describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import type { Principal } from '../../../emulator/iam/principal.ts';
import { UNROUTED } from '../../../emulator/meter/cause.ts';
import { connect } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer, GatewayServerOptions } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';

/** Goal: what API Gateway bills, and on whose account. Method: real sockets, a manual clock. */
const servers: GatewayServer[] = [];

async function serve(options: Partial<GatewayServerOptions> = {}) {
  const clock = manualClock();
  const api = apiOf([routeTo('x', 'x', { twoWay: true })]);
  const server = await startGatewayServer({ api, clock, ...options });
  servers.push(server);
  return { server, clock };
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const PATH = 'Test/Api';
const ROUTE = { api: PATH, route: 'x' };
const UNIT_BYTES = 32 * 1024;
const MINUTE_MS = 60_000;

/** The sums of one count by cause, as entries. */
const entriesOf = ({ meter }: GatewayServer, count: string) =>
  meter
    .entries()
    .filter((entry) => entry.count === count)
    .map(({ cause, amount }) => ({ cause, amount }));

describe('messages', () => {
  test('[DOC e7] are metered by 32 KB each way, a message of several frames as one', async () => {
    const answer = { body: 'y'.repeat(UNIT_BYTES + 1) };
    const { server } = await serve({ handlers: { [arnOf('x')]: () => answer } });
    const client = await connect(server.url);
    const pad = 'p'.repeat(30_000);
    client.sendFrames([`{"action":"x","pad":"${pad}`, `${pad}"}`]);
    await client.next();
    expect(server.meter.read()).toMatchObject({
      'messages.in': { [PATH]: 1 },
      'frames.in': { [PATH]: 2 },
      'messages.out': { [PATH]: 1 },
      'frames.out': { [PATH]: 2 },
      'transfer.out': { [PATH]: UNIT_BYTES + 1 },
    });
    expect(entriesOf(server, 'frames.in')).toEqual([{ cause: ROUTE, amount: 2 }]);
    expect(entriesOf(server, 'frames.out')).toEqual([{ cause: ROUTE, amount: 2 }]);
  });

  test.for([
    [UNIT_BYTES, 1],
    [UNIT_BYTES + 1, 2],
    [1, 1],
    [0, 1],
  ] as const)('[DOC e7] of %i bytes that are posted are %i units', async ([bytes, units]) => {
    const { server } = await serve();
    await connect(server.url);
    const [connection] = server.gateway.connections();
    const url = `${server.management}/@connections/${connection?.connectionId}`;
    await fetch(url, { method: 'POST', body: 'x'.repeat(bytes) });
    expect(server.meter.read()['frames.out']).toEqual({ [PATH]: units });
  });

  test('[UNV e] without a route, and the error frames to them, are metered as any other', async () => {
    const { server } = await serve();
    const client = await connect(server.url);
    client.send('hi');
    await client.next();
    const unrouted = { cause: { api: PATH, route: UNROUTED }, amount: 1 };
    expect(entriesOf(server, 'frames.in')).toEqual([unrouted]);
    expect(entriesOf(server, 'frames.out')).toEqual([unrouted]);
  });

  test('that are posted are on the account of what the caller was at work on', async () => {
    const cause = { function: 'Test/Broadcast' };
    const role = { arn: 'role', name: 'role', managedPolicies: [], statements: [everything] };
    const principal: Principal = { kind: 'role', role, functionName: 'broadcast', cause };
    const { server } = await serve({ principal });
    await connect(server.url);
    const [connection] = server.gateway.connections();
    const post = (id: string | undefined) =>
      fetch(`${server.management}/@connections/${id}`, { method: 'POST', body: 'x' });
    expect((await post(connection?.connectionId)).status).toBe(200);
    expect(entriesOf(server, 'frames.out')).toEqual([{ cause, amount: 1 }]);
    // A post that nobody got is counted, and not billed.
    expect((await post('L0SM9cOFvHcCIhw=')).status).toBe(410);
    expect(entriesOf(server, 'posts')).toEqual([{ cause, amount: 2 }]);
    expect(entriesOf(server, 'frames.out')).toEqual([{ cause, amount: 1 }]);
  });
});

const everything = {
  effect: 'Allow',
  actions: ['*'],
  notActions: [],
  resources: ['*'],
  notResources: [],
  conditions: {},
} as const;

describe('connections', () => {
  const minutes = (server: GatewayServer) => server.meter.read()['connection.minutes'];

  test('[REC e8] are billed for every minute begun, open or closed', async () => {
    const { server, clock } = await serve();
    const client = await connect(server.url);
    expect(minutes(server)).toEqual({ [PATH]: 1 });
    clock.advance(MINUTE_MS);
    expect(minutes(server)).toEqual({ [PATH]: 1 });
    clock.advance(1);
    expect(minutes(server)).toEqual({ [PATH]: 2 });
    expect(minutes(server)).toEqual({ [PATH]: 2 });
    clock.advance(MINUTE_MS);
    client.close();
    await client.closed;
    await server.activity.quiet();
    clock.advance(10 * MINUTE_MS);
    expect(server.meter.read()).toMatchObject({
      'connection.minutes': { [PATH]: 3 },
      'connections.opened': { [PATH]: 1 },
    });
  });

  test('are billed after a reset for the minutes that begin after it', async () => {
    const { server, clock } = await serve();
    await connect(server.url);
    clock.advance(5 * MINUTE_MS);
    server.meter.reset();
    expect(minutes(server)).toBeUndefined();
    clock.advance(2 * MINUTE_MS);
    expect(minutes(server)).toEqual({ [PATH]: 2 });
  });

  test('[DOC e9] cost nothing but minutes: no ping, no handshake and no close is a message', async () => {
    const { server } = await serve();
    const client = await connect(server.url);
    client.close();
    await client.closed;
    await server.close();
    expect(Object.keys(server.meter.read()).toSorted()).toEqual([
      'connection.minutes',
      'connections.opened',
    ]);
  });
});
