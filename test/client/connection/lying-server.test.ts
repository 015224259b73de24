import { describe, expect, test } from 'vitest';

import { TEXTS_MAX_PER_SECOND } from '../../../client/connection/wire.ts';
import { broadcastOf } from '../support/entry.ts';
import { startOwnLine } from '../support/line.ts';

async function online() {
  const watched = startOwnLine();
  watched.line.connect();
  const socket = await watched.server.serve();
  await watched.becomes('online');
  return { ...watched, watched, socket };
}

describe('a server that lies', () => {
  test('with bad JSON and frames of no protocol is told of once, and what is good comes through', async () => {
    const { line, clock, socket, received, problems } = await online();
    for (const text of ['{', '"x"', '{"status":"success"}', '[1]']) socket.send(text);
    socket.send([broadcastOf(1, 'bob', 'b1'), { nothing: 'known' }, broadcastOf(2, 'bob', 'b2')]);
    await clock.advance(0);
    expect(received).toMatchObject([{ head: 1 }, { head: 2 }]);
    expect(problems).toMatchObject([{ code: 'bad_frames' }]);
    expect(line.state.name).toBe('online');
  });

  test('and goes on with it loses the connection, which comes back', async () => {
    const { watched, line, clock, socket, server } = await online();
    socket.send(Array.from({ length: 21 }, () => 'no frame'));
    await watched.becomes('offline');
    expect(line.state).toMatchObject({ reason: 'bad_frames' });
    expect(socket.closed).toBe(1000);
    await clock.advance(500);
    await server.serve();
    await watched.becomes('online');
  });

  test('with a flood loses the connection, and nothing of it is kept', async () => {
    const { watched, clock, socket, received, problems } = await online();
    for (let seq = 1; seq <= 2 * TEXTS_MAX_PER_SECOND; seq += 1) {
      socket.send(broadcastOf(seq, 'bob', `b${seq}`));
    }
    await clock.advance(0);
    expect(watched.line.state).toMatchObject({ name: 'offline', reason: 'bad_frames' });
    expect(received.length).toBeLessThanOrEqual(TEXTS_MAX_PER_SECOND);
    expect(problems).toMatchObject([{ code: 'flood' }]);
  });

  test('with a wait of eleven days is obeyed for a minute, and told of', async () => {
    const { line, clock, socket, server, problems } = await online();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' }, 'uuid-1');
    await clock.advance(0);
    socket.refuse({ uuid: 'uuid-1', action: 'typing' }, 'rate_limited', { retry_after: 1e6 });
    await clock.advance(60_000);
    socket.reply({ uuid: 'uuid-1', action: 'typing' }, { room: 'lobby' });
    expect(await asked).toMatchObject({ ok: true });
    expect(problems).toMatchObject([{ code: 'retry_after' }]);
  });

  test('that closes every connection at once is not hammered', async () => {
    const { line, clock, server, ...watched } = startOwnLine();
    line.connect();
    const refuse = async (): Promise<void> => {
      (await server.next()).close(1001);
      return refuse();
    };
    void refuse();
    await clock.advance(3_600_000);
    expect(server.sockets.length).toBeGreaterThan(100);
    expect(server.sockets.length).toBeLessThan(300);
    expect(watched.problems).toEqual([]);
  });

  test('that signs in and then closes is not hammered either', async () => {
    const { line, clock, server } = startOwnLine();
    line.connect();
    server.serveAll();
    for (let second = 0; second < 600; second += 1) {
      await clock.advance(1_000);
      if (line.state.name === 'online') server.sockets.at(-1)?.close(1001);
    }
    expect(server.sockets.length).toBeGreaterThan(10);
    expect(server.sockets.length).toBeLessThan(60);
  });

  test('that answers what was never asked, or answers twice, changes nothing', async () => {
    const { line, clock, socket, server } = await online();
    server.deaf.add('typing');
    socket.reply({ uuid: 'never', action: 'typing' }, { room: 'lobby' });
    const asked = line.ask({ action: 'typing', room: 'lobby' }, 'uuid-1');
    await clock.advance(0);
    socket.reply({ uuid: 'uuid-1', action: 'mark_read' }, { room: 'lobby', seq: 1, unread: 0 });
    socket.refuse({ uuid: 'uuid-1', action: 'typing' }, 'forbidden');
    socket.reply({ uuid: 'uuid-1', action: 'typing' }, { room: 'lobby' });
    expect(await asked).toMatchObject({ ok: false, code: 'forbidden' });
    expect(line.state.name).toBe('online');
  });

  test('[E10] that fails is told of, and costs no connection', async () => {
    const { line, clock, socket, problems } = await online();
    socket.send({ message: 'Internal server error', connectionId: 'a=', requestId: 'b=' });
    await clock.advance(0);
    expect(problems).toMatchObject([{ code: 'server_failed' }]);
    expect(line.state.name).toBe('online');
  });

  test('that greets with something else than was asked is not believed to have signed anybody in', async () => {
    const { line, server, clock, ...watched } = startOwnLine();
    server.deaf.add('authenticate');
    line.connect();
    const socket = await server.serve();
    const { uuid } = await socket.until(({ action }) => action === 'authenticate');
    socket.send({ ...broadcastOf(1, 'mallory', String(uuid)), action: 'authenticate' });
    await clock.advance(10_000);
    expect(line.user).toBe(undefined);
    expect(watched.states).not.toContain('recovering');
  });
});
