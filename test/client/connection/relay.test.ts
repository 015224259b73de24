import { describe, expect, test } from 'vitest';

import { REPLACED_AFTER_MAX_MS, REPLACED_AFTER_MIN_MS } from '../../../client/connection/relay.ts';
import { broadcastOf } from '../support/entry.ts';
import { startOwnLine, type TestLineOptions } from '../support/line.ts';

const HOUR_MS = 3_600_000;

/** With `random` at 0.5, the age at which a socket is replaced. */
const AGE_MS = (REPLACED_AFTER_MIN_MS + REPLACED_AFTER_MAX_MS) / 2;

/** A line that is online and about to replace its socket, in one millisecond. */
async function almostReplaced(options: TestLineOptions = {}) {
  const watched = startOwnLine(options);
  watched.line.connect();
  const socket = await watched.server.serve();
  await watched.becomes('online');
  await watched.clock.advance(AGE_MS - 1);
  return { ...watched, watched, socket };
}

describe('a socket that gets old', () => {
  test.each([0, 0.999_999])('is replaced between 60 and 115 minutes (%d)', async (random) => {
    const { line, clock, server, ...watched } = startOwnLine({ random: () => random });
    line.connect();
    server.serveAll();
    await watched.becomes('online');
    await clock.advance(HOUR_MS - 1);
    expect(server.sockets).toHaveLength(1);
    await clock.advance(random === 0 ? 1 : 55 * 60_000);
    expect(server.sockets).toHaveLength(2);
    expect(server.sockets.map(({ closed }) => closed)).toEqual([1000, undefined]);
    expect(clock.now() - 1_800_000_000_000).toBeLessThan(2 * HOUR_MS);
  });

  test('closes only when its successor is signed in, has selected the room, and has recovered', async () => {
    const recovered: (() => void)[] = [() => {}];
    let first = true;
    const recover = () => {
      if (!first) return new Promise<void>((resolve) => recovered.push(resolve));
      first = false;
      return Promise.resolve();
    };
    const { watched, line, clock, socket, server } = await almostReplaced({ recover });
    line.look('lobby');
    await clock.advance(1);
    expect(server.sockets).toHaveLength(2);
    const successor = await server.serve();
    await clock.advance(100);
    expect(successor.received.map(({ action }) => action)).toEqual(['authenticate', 'select_room']);
    expect(socket.closed).toBe(undefined);
    recovered[1]?.();
    await clock.advance(0);
    expect(socket.closed).toBe(1000);
    expect(watched.recoveries).toBe(2);
    expect(watched.states.slice(-2)).toEqual(['recovering', 'online']);
  });

  test('delivers what comes in on both, and answers what was asked on it', async () => {
    const { line, clock, socket, server, received } = await almostReplaced();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' }, 'uuid-1');
    await clock.advance(1);
    const successor = await server.serve();
    await clock.advance(0);
    expect([server.signedIn.size, socket.closed]).toEqual([2, undefined]);
    received.splice(0);
    for (const one of [socket, successor]) one.send(broadcastOf(1, 'bob', 'b1'));
    await clock.advance(0);
    expect(received).toMatchObject([{ head: 1 }, { head: 1 }]);
    socket.reply({ uuid: 'uuid-1', action: 'typing' }, { room: 'lobby' });
    expect(await asked).toMatchObject({ ok: true });
    await clock.advance(0);
    expect(socket.closed).toBe(1000);
  });

  test('sends what is asked from then on over the successor', async () => {
    const { line, clock, socket, server } = await almostReplaced();
    await clock.advance(1);
    const successor = await server.serve();
    await clock.advance(0);
    expect(await line.ask({ action: 'typing', room: 'lobby' })).toMatchObject({ ok: true });
    expect(successor.received.at(-1)).toMatchObject({ action: 'typing' });
    expect(socket.received.filter(({ action }) => action === 'typing')).toEqual([]);
  });

  test('stays while no successor gets through, and goes on trying', async () => {
    const { watched, line, clock, server, socket } = await almostReplaced();
    await clock.advance(1);
    for (let failures = 1; failures <= 5; failures += 1) {
      (await server.next()).close(1006);
      await clock.advance(20_000);
    }
    expect([line.state.name, socket.closed]).toEqual(['online', undefined]);
    await server.serve();
    await clock.advance(0);
    expect([line.state.name, socket.closed]).toEqual(['online', 1000]);
    expect(watched.states).toEqual(['connecting', 'authenticating', 'recovering', 'online']);
  });

  test('is given up with its successor when it is lost in the middle', async () => {
    const { watched, line, clock, server, socket } = await almostReplaced();
    await clock.advance(1);
    const successor = await server.next();
    socket.close(1006);
    await watched.becomes('offline');
    expect(successor.closed).toBe(1000);
    await clock.advance(500);
    await server.serve();
    await watched.becomes('online');
    expect(line.state.name).toBe('online');
  });

  test('ends in failed when its successor finds the token revoked', async () => {
    const { watched, clock, server, socket } = await almostReplaced();
    server.tokens.clear();
    await clock.advance(1);
    await server.serve();
    await watched.becomes('failed');
    expect(watched.line.state).toMatchObject({ code: 'invalid_token' });
    await clock.advance(3_600_000);
    expect([socket.closed, server.sockets.length]).toEqual([1000, 2]);
  });

  test('is replaced again and again, for days, one at a time', async () => {
    const { line, clock, server, ...watched } = startOwnLine();
    line.connect();
    server.serveAll();
    await watched.becomes('online');
    await clock.advance(24 * HOUR_MS);
    expect(server.sockets.length).toBe(1 + Math.floor((24 * HOUR_MS) / AGE_MS));
    expect(server.sockets.filter(({ closed }) => closed === undefined)).toHaveLength(1);
    expect(watched.states).toEqual(['connecting', 'authenticating', 'recovering', 'online']);
  });
});
