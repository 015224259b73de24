import { afterEach, describe, expect, test } from 'vitest';

import type { GatewayLimits } from '../../../emulator/gateway/limits.ts';
import { connect } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';
import {
  CLOSE,
  CONTINUATION,
  PING,
  codeOf,
  exchange,
  frameOf,
  headerOf,
  openRaw,
} from './raw-client.ts';

/**
 * Goal: no bytes of a client harm another client, and the right close answers them. Method: bytes by
 * hand, cut where it hurts; after each attack a well-behaved client is served.
 */
const LIMIT = 32 * 1024;
/** These clients answer no close. */
const CLOSE_WAIT_MS = 20;
const servers: GatewayServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(limits: Partial<GatewayLimits> = {}) {
  const bodies: string[] = [];
  const disconnects: unknown[] = [];
  let told = () => {};
  const firstDisconnect = new Promise<void>((resolve) => (told = resolve));
  const server = await startGatewayServer({
    api: apiOf([routeTo('$default', 'echo', { twoWay: true }), routeTo('$disconnect', 'end')]),
    limits: { closeWaitMs: CLOSE_WAIT_MS, ...limits },
    handlers: {
      [arnOf('echo')]: ({ body }: { body: string }) => {
        bodies.push(body);
        return { body };
      },
      [arnOf('end')]: (event: { requestContext: { disconnectStatusCode: number } }) => {
        disconnects.push(event.requestContext.disconnectStatusCode);
        told();
      },
    },
  });
  servers.push(server);
  return { server, bodies, disconnects, firstDisconnect };
}

async function expectServed(server: GatewayServer): Promise<void> {
  const client = await connect(server.url);
  client.send('still there?');
  expect(await client.next()).toBe('still there?');
}

describe('frames over the limit', () => {
  const large = frameOf(Buffer.alloc(LIMIT + 1, 'x'));

  test('[DOC e1] are refused with 1009, and $disconnect says so', async () => {
    const { server, bodies, disconnects, firstDisconnect } = await serve();
    const client = await openRaw(server.port);
    client.write(large);
    expect(codeOf(await client.frame())).toBe(1009);
    client.write(frameOf(Buffer.from([0x03, 0xf1]), { opcode: CLOSE }));
    await firstDisconnect;
    expect([bodies, disconnects]).toEqual([[], [1009]]);
    await expectServed(server);
  });

  test('are refused at their header, though it comes byte by byte', async () => {
    const { server } = await serve();
    const client = await openRaw(server.port);
    client.socket.setNoDelay(true);
    for (const byte of Buffer.concat([headerOf(2 ** 33), Buffer.alloc(4)])) {
      client.write(Buffer.from([byte]));
    }
    expect(codeOf(await client.frame())).toBe(1009);
  });

  test('do not take back the messages before them in the same packet, nor let later ones in', async () => {
    const { server, bodies } = await serve();
    const client = await openRaw(server.port);
    client.write(Buffer.concat([frameOf('one'), frameOf('two'), large, frameOf('three')]));
    expect(codeOf(await client.frame())).toBe(1009);
    await server.activity.quiet();
    expect(bodies).toEqual(['one', 'two']);
  });

  test('are seen in the packet of the handshake, too', async () => {
    const { server, bodies } = await serve();
    const client = await openRaw(server.port, '/prod', large);
    expect(codeOf(await client.frame())).toBe(1009);
    expect(bodies).toEqual([]);
  });

  test('a message sent in the packet of the handshake is heard', async () => {
    const { server } = await serve();
    const client = await openRaw(server.port, '/prod', frameOf('early'));
    expect((await client.frame()).payload.toString()).toBe('early');
  });

  test('[DOC e1] are refused as a part of a message, too', async () => {
    const { server } = await serve();
    const client = await openRaw(server.port);
    client.write(frameOf('begin', { fin: false }));
    client.write(frameOf(Buffer.alloc(LIMIT + 1), { opcode: CONTINUATION }));
    expect(codeOf(await client.frame())).toBe(1009);
  });
});

describe('bytes that are no frames', () => {
  test.for<[name: string, code: number, bytes: Buffer]>([
    ['an unmasked frame', 1002, frameOf('x', { masked: false })],
    ['a reserved opcode', 1002, frameOf('x', { opcode: 3 })],
    ['a continuation of nothing', 1002, frameOf('x', { opcode: CONTINUATION })],
    ['a control frame in parts', 1002, frameOf('x', { opcode: PING, fin: false })],
    ['a control frame too long', 1002, frameOf(Buffer.alloc(126), { opcode: PING })],
    ['a compressed frame', 1002, Buffer.concat([Buffer.from([0xc1]), frameOf('x').subarray(1)])],
    ['a close code that is none', 1002, frameOf(Buffer.from([0x00, 0x01]), { opcode: CLOSE })],
    ['text that is not UTF-8', 1007, frameOf(Buffer.from([0xc3, 0x28]))],
  ])('%s is answered %i', async ([, code, bytes]) => {
    const { server, bodies, disconnects, firstDisconnect } = await serve();
    const client = await openRaw(server.port);
    client.write(bytes);
    expect(codeOf(await client.frame())).toBe(code);
    await firstDisconnect;
    expect([bodies, disconnects]).toEqual([[], [code]]);
    await expectServed(server);
  });

  test('garbage in place of a request is refused by HTTP itself', async () => {
    const { server } = await serve();
    expect(await exchange(server.port, 'BLAH\r\n\r\n')).toContain('400 Bad Request');
    expect(
      await exchange(
        server.port,
        'POST /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      ),
    ).toContain('400 Bad Request');
    await expectServed(server);
  });
});

test('ten thousand tiny messages are all heard', async () => {
  const { server, bodies } = await serve();
  const client = await connect(server.url);
  for (let count = 0; count < 10_000; count += 1) client.send('.');
  for (let count = 0; count < 10_000; count += 1) await client.next();
  expect(bodies).toHaveLength(10_000);
});

test('a client that never reads its answers loses them, and holds little memory', async () => {
  const { server, bodies } = await serve({ clientBufferBytes: 64 * 1024 });
  const client = await openRaw(server.port);
  client.socket.pause();
  const message = frameOf(Buffer.alloc(LIMIT, 'x'));
  for (let count = 0; count < 600 && server.log.length === 0; count += 1) {
    await new Promise<void>((resolve) => {
      client.socket.write(message, () => resolve());
    });
    await server.activity.quiet();
  }
  expect(server.log[0]).toContain('the client does not read');
  expect(bodies.length).toBeGreaterThan(0);
  client.socket.destroy();
  await expectServed(server);
});
