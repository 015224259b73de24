import { describe, expect, test } from 'vitest';

import type { Socket } from '../../../client/connection/socket.ts';
import {
  createManualClock,
  createSocketPairs,
  type ServerSocket,
} from '../../../client/testing/index.ts';

const quiet = () => createManualClock().advance(0);

/** A client's end that notes everything, and the server's. */
async function openPair() {
  const pairs = createSocketPairs();
  const events: string[] = [];
  const client: Socket = pairs.openSocket('wss://chat.example/', {
    open: () => events.push('open'),
    message: (text) => events.push(text),
    close: (code) => events.push(`close ${code}`),
  });
  const server: ServerSocket = await pairs.accept();
  return { client, server, events };
}

describe('a socket pair', () => {
  test('delivers in order by itself, and never before the sender has returned', async () => {
    const { client, server, events } = await openPair();
    client.send('{"n":1}');
    client.send('{"n":2}');
    expect(server.received).toEqual([]);
    server.send('a');
    server.send({ b: 1 });
    await quiet();
    expect(server.received).toEqual([{ n: 1 }, { n: 2 }]);
    expect(events).toEqual(['open', 'a', '{"b":1}']);
  });

  test('holds, delivers one at a time, and lets go', async () => {
    const { server, events } = await openPair();
    server.down.hold();
    for (const text of ['a', 'b', 'c', 'd']) server.send(text);
    await quiet();
    expect(events).toEqual(['open']);
    server.down.deliver();
    expect(events).toEqual(['open', 'a']);
    expect(server.down.held).toEqual(['b', 'c', 'd']);
    server.down.release();
    expect(events).toEqual(['open', 'a', 'b', 'c', 'd']);
  });

  test('reorders, drops and repeats what is held', async () => {
    const { server, events } = await openPair();
    server.down.hold();
    for (const text of ['a', 'b', 'c']) server.send(text);
    server.down.change(([a = '', , c = '']) => [c, a, a]);
    server.down.release();
    expect(events).toEqual(['open', 'c', 'a', 'a']);
  });

  test('cuts either way without telling anybody', async () => {
    const { client, server, events } = await openPair();
    server.up.cut();
    client.send('{}');
    server.send('still');
    await quiet();
    server.down.cut();
    server.send('gone');
    await quiet();
    expect(server.received).toEqual([]);
    expect(events).toEqual(['open', 'still']);
  });

  test('tells the client once how it closed, whoever closed it', async () => {
    const { client, server, events } = await openPair();
    server.close(1001);
    client.close();
    await quiet();
    expect(events).toEqual(['open', 'close 1001']);
    const other = await openPair();
    other.client.close(4000);
    other.server.close(1001);
    await quiet();
    expect(other.events).toEqual(['open', 'close 4000']);
    expect(other.server.closed).toBe(4000);
  });

  test('finds what has arrived and waits for what has not', async () => {
    const { client, server } = await openPair();
    const second = server.until(({ n }) => n === 2);
    client.send('{"n":1}');
    client.send('{"n":2}');
    expect(await second).toEqual({ n: 2 });
    expect(await server.until(({ n }) => n === 1)).toEqual({ n: 1 });
  });
});
