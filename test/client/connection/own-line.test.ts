import { describe, expect, test } from 'vitest';

import { ANSWER_MAX_MS } from '../../../client/connection/requests.ts';
import { createSocketPairs } from '../../../client/testing/index.ts';
import { broadcastOf } from '../support/entry.ts';
import { startOwnLine } from '../support/line.ts';

/** A line that is online, and its socket. */
async function online(options: Parameters<typeof startOwnLine>[0] = {}) {
  const test = startOwnLine(options);
  test.line.connect();
  const socket = await test.server.serve();
  await test.becomes('online');
  return { ...test, socket, watched: test };
}

describe('a line', () => {
  test('connects, signs in with all features, recovers, and is online', async () => {
    const { line, states, server, ...watched } = startOwnLine();
    expect([line.state.name, line.user]).toEqual(['idle', undefined]);
    line.connect();
    const socket = await server.serve();
    await watched.becomes('online');
    expect(states).toEqual(['connecting', 'authenticating', 'recovering', 'online']);
    expect(line.user).toBe('alice');
    expect(socket.received[0]).toMatchObject({
      action: 'authenticate',
      token: 'token-1',
      features: ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'],
    });
  });

  test('is not online before what was missed is there', async () => {
    let recovered = () => {};
    const recover = () => new Promise<void>((resolve) => (recovered = resolve));
    const { line, server, clock, ...watched } = startOwnLine({ recover });
    line.connect();
    await server.serve();
    await watched.becomes('recovering');
    await clock.advance(5_000);
    expect(line.state.name).toBe('recovering');
    expect(await line.ask({ action: 'sync', rooms: {} })).toMatchObject({ ok: true });
    recovered();
    await watched.becomes('online');
  });

  test('refuses a url that would send the token in the clear, before anything is opened', () => {
    expect(() => startOwnLine({ url: 'ws://chat.example/' })).toThrow(TypeError);
  });

  test('resolves a request with the first frame that answers it, and tells the success to all', async () => {
    const { line, socket, clock, received } = await online();
    const asked = line.ask({ action: 'new_message', room: 'lobby', text: 'Hi' }, 'uuid-1');
    const frame = await socket.until(({ uuid }) => uuid === 'uuid-1');
    socket.send({ uuid: 'uuid-1', action: frame['action'], status: 'accepted', room: 'lobby' });
    expect(await asked).toMatchObject({ ok: true, reply: { status: 'accepted' } });
    socket.send(broadcastOf(1, 'alice', 'uuid-1'));
    await clock.advance(0);
    expect(received).toMatchObject([{ uuid: 'uuid-1', head: 1 }]);
  });

  test('resolves with the success when that overtakes the acceptance, and tells it to all', async () => {
    const { line, socket, received } = await online();
    const asked = line.ask({ action: 'new_message', room: 'lobby', text: 'Hi' }, 'uuid-1');
    socket.send(broadcastOf(1, 'alice', 'uuid-1'));
    expect(await asked).toMatchObject({ ok: true, reply: { head: 1 } });
    expect(received).toMatchObject([{ uuid: 'uuid-1', head: 1 }]);
  });

  test('hands on what goes on in a room, which answers nobody', async () => {
    const { line, socket, clock, received, server } = await online();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' }, 'uuid-1');
    const typing = { room: 'lobby', user: { username: 'bob' }, expires_in: 6 };
    socket.reply({ uuid: 'uuid-1', action: 'typing' }, typing);
    await clock.advance(0);
    expect(received).toMatchObject([typing]);
    socket.reply({ uuid: 'uuid-1', action: 'typing' }, { room: 'lobby' });
    expect(await asked).toMatchObject({ ok: true });
    expect(received).toHaveLength(1);
  });

  test('takes nobody else’s message for its answer, though it has the same uuid', async () => {
    const { line, socket, clock, received } = await online();
    const asked = line.ask({ action: 'new_message', room: 'lobby', text: 'Hi' }, 'uuid-1');
    socket.send(broadcastOf(1, 'bob', 'uuid-1'));
    await clock.advance(0);
    expect(received).toHaveLength(1);
    socket.send(broadcastOf(2, 'alice', 'uuid-1'));
    expect(await asked).toMatchObject({ ok: true, reply: { head: 2 } });
  });

  test('makes a refusal a value', async () => {
    const { line, socket } = await online();
    const asked = line.ask({ action: 'new_message', room: 'lobby', text: ' ' }, 'uuid-1');
    const frame = await socket.until(({ uuid }) => uuid === 'uuid-1');
    socket.refuse(frame, 'slow_mode', { retry_after: 7, error_message: 'Slow' });
    const refused = { ok: false, code: 'slow_mode', message: 'Slow', retryAfter: 7 };
    expect(await asked).toEqual(refused);
  });

  test('[M10] sends again what was too much, under the same uuid, when the server says so', async () => {
    const { line, socket, server, clock } = await online();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' }, 'uuid-1');
    const sent = () => socket.received.filter(({ uuid }) => uuid === 'uuid-1');
    await clock.advance(0);
    for (const count of [1, 2, 3]) {
      expect(sent()).toHaveLength(count);
      socket.refuse({ uuid: 'uuid-1', action: 'typing' }, 'rate_limited', { retry_after: 2 });
      await clock.advance(1_999);
      expect(sent()).toHaveLength(count);
      await clock.advance(1);
    }
    socket.refuse({ uuid: 'uuid-1', action: 'typing' }, 'rate_limited', { retry_after: 2 });
    expect(await asked).toMatchObject({ ok: false, code: 'rate_limited', retryAfter: 2 });
    await clock.advance(60_000);
    expect(sent()).toHaveLength(4);
    expect(new Set(sent().map((frame) => JSON.stringify(frame))).size).toBe(1);
  });

  test('waits no longer to send again when the line is closed', async () => {
    const { line, socket, server, clock } = await online();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' }, 'uuid-1');
    await clock.advance(0);
    socket.refuse({ uuid: 'uuid-1', action: 'typing' }, 'rate_limited', { retry_after: 60 });
    await clock.advance(1_000);
    await line.close();
    expect(await asked).toMatchObject({ ok: false, code: 'offline' });
    expect(clock.waiting).toBe(0);
  });

  test('says offline at once while nobody is signed in, and closed when it is', async () => {
    const { line } = startOwnLine();
    const frame = { action: 'list_rooms' } as const;
    expect(await line.ask(frame)).toMatchObject({ ok: false, code: 'offline' });
    line.connect();
    expect(await line.ask(frame)).toMatchObject({ ok: false, code: 'offline' });
    await line.close();
    expect(await line.ask(frame)).toMatchObject({ ok: false, code: 'closed' });
  });

  test('says offline of a request whose socket is lost on the way', async () => {
    const { line, socket, server } = await online();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' });
    socket.close(1006);
    expect(await asked).toMatchObject({ ok: false, code: 'offline' });
    expect(line.state).toMatchObject({ name: 'offline', reason: 'lost' });
  });

  test('gives a request ten seconds, and then finds out whether the line still lives', async () => {
    const { line, socket, server, clock } = await online();
    server.deaf.add('typing');
    const asked = line.ask({ action: 'typing', room: 'lobby' });
    await clock.advance(ANSWER_MAX_MS);
    expect(await asked).toMatchObject({ ok: false, code: 'timed_out' });
    await socket.until(({ action }) => action === 'list_rooms');
    await clock.advance(ANSWER_MAX_MS);
    expect(line.state.name).toBe('online');
  });

  test('[E9] never sends a frame for which API Gateway would end the connection', async () => {
    const { line, socket } = await online();
    const text = 'é'.repeat(16_384);
    const asked = line.ask({ action: 'new_message', room: 'lobby', text });
    expect(await asked).toMatchObject({ ok: false, code: 'frame_too_long' });
    expect(socket.received.filter(({ action }) => action === 'new_message')).toEqual([]);
  });

  test('refuses what JSON cannot say', async () => {
    const { line } = await online();
    const asked = line.ask({ action: 'signal', room: 'lobby', data: 1n });
    expect(await asked).toMatchObject({ ok: false, code: 'invalid_json' });
  });

  test('has so many requests under way, and refuses one more', async () => {
    const { line, server, socket } = await online();
    server.deaf.add('typing');
    const asked = Array.from({ length: 257 }, () => line.ask({ action: 'typing', room: 'lobby' }));
    expect(await asked[256]).toMatchObject({ ok: false, code: 'rate_limited' });
    socket.close(1006);
    const codes = (await Promise.all(asked.slice(0, 256))).map(
      (answer) => !answer.ok && answer.code,
    );
    expect(new Set(codes)).toEqual(new Set(['offline']));
  });
});

describe('a line that is lost', () => {
  test('comes back by itself, and recovers', async () => {
    const { watched, line, socket, server, clock } = await online();
    socket.close(1001);
    await watched.becomes('offline');
    expect(line.state).toMatchObject({ reason: 'going_away', retryAt: clock.now() + 500 });
    await clock.advance(499);
    expect(server.sockets).toHaveLength(1);
    await clock.advance(1);
    await server.serve();
    await watched.becomes('online');
    expect(watched.recoveries).toBe(2);
  });

  test('waits the longer the more it has waited, and tells how many there were', async () => {
    const { line, server, clock, states, ...watched } = startOwnLine();
    line.connect();
    const waits: number[] = [];
    for (const attempt of [1, 2, 3, 4, 5, 6, 7]) {
      expect(line.state).toEqual({ name: 'connecting', attempt });
      (await server.next()).close(1006);
      await watched.becomes('offline');
      const { retryAt } = line.state as { retryAt: number };
      waits.push(retryAt - clock.now());
      await clock.advance(retryAt - clock.now());
    }
    expect(waits).toEqual([500, 500, 500, 750, 1_125, 1_687, 2_531]);
    expect(states).not.toContain('authenticating');
  });

  test('tries at once when the network is back, yet never more than thirty times a minute', async () => {
    const { line, server, clock, wake, ...watched } = startOwnLine();
    line.connect();
    for (let failures = 1; failures <= 40; failures += 1) {
      const socket = server.sockets.at(-1);
      socket?.close(1006);
      await clock.advance(0);
      wake();
      await clock.advance(100);
    }
    expect(server.sockets).toHaveLength(30);
    await clock.advance(56_000);
    expect(server.sockets).toHaveLength(31);
    expect(watched.problems).toEqual([]);
  });

  test('tries at once when it is told to connect', async () => {
    const { watched, line, socket, server, clock } = await online();
    socket.close(1006);
    await watched.becomes('offline');
    line.connect();
    expect(line.state).toEqual({ name: 'connecting', attempt: 2 });
    await server.serve();
    await watched.becomes('online');
    await clock.advance(60_000);
    expect(server.sockets).toHaveLength(2);
  });

  test('gives up a socket that does not open, and a sign-in that is not answered', async () => {
    const { line, server, clock, ...watched } = startOwnLine();
    server.deaf.add('authenticate');
    line.connect();
    await clock.advance(30_000);
    expect(line.state).toMatchObject({ name: 'offline', reason: 'no_answer' });
    await server.next();
    await clock.advance(500);
    await server.serve();
    await watched.becomes('authenticating');
    await clock.advance(ANSWER_MAX_MS);
    expect(line.state).toMatchObject({ name: 'offline', reason: 'no_answer' });
    expect(server.sockets.map(({ closed }) => closed)).toEqual([1000, 1000]);
  });

  test('tries again when a socket cannot even be made', async () => {
    const { line, clock } = startOwnLine({
      openSocket() {
        throw new Error('No more sockets');
      },
    });
    line.connect();
    await clock.advance(0);
    expect(line.state).toMatchObject({ name: 'offline', reason: 'lost' });
  });

  test.each([1003, 1007, 1008, 1010])(
    'fails for good when the server refuses such a client (%i), until it is told to connect',
    async (code) => {
      const { watched, line, socket, server, clock } = await online();
      socket.close(code);
      await watched.becomes('failed');
      expect(line.state).toMatchObject({ name: 'failed', code: `closed_${code}` });
      await clock.advance(3_600_000);
      expect(server.sockets).toHaveLength(1);
      line.connect();
      await server.serve();
      await watched.becomes('online');
    },
  );

  test('says what went wrong when recovering throws, and comes back', async () => {
    let broken = true;
    const recover = async () => {
      if (broken) throw new Error('A bug of ours');
    };
    const { line, server, clock, problems, ...watched } = startOwnLine({ recover });
    line.connect();
    await server.serve();
    await watched.becomes('offline');
    expect(problems).toMatchObject([{ code: 'recover_failed' }]);
    broken = false;
    await clock.advance(500);
    await server.serve();
    await watched.becomes('online');
  });

  test('ignores a recovery that ends after its connection did', async () => {
    const recovered: (() => void)[] = [];
    const recover = () => new Promise<void>((resolve) => recovered.push(resolve));
    const { line, server, clock, states, ...watched } = startOwnLine({ recover });
    line.connect();
    const socket = await server.serve();
    await watched.becomes('recovering');
    socket.close(1006);
    await watched.becomes('offline');
    await clock.advance(500);
    await server.serve();
    await watched.becomes('recovering');
    recovered[0]?.();
    await clock.advance(0);
    expect(states.slice(-2)).toEqual(['authenticating', 'recovering']);
    recovered[1]?.();
    await watched.becomes('online');
  });
});

describe('a recovery that fails after its connection did', () => {
  test('is nobody’s concern any more', async () => {
    const fail: (() => void)[] = [];
    const recover = () =>
      new Promise<void>((_, reject) => fail.push(() => reject(new Error('Offline'))));
    const { line, server, clock, problems, ...watched } = startOwnLine({ recover });
    line.connect();
    const socket = await server.serve();
    await watched.becomes('recovering');
    socket.close(1006);
    await watched.becomes('offline');
    fail[0]?.();
    await clock.advance(0);
    expect([line.state.name, problems]).toEqual(['offline', []]);
  });
});

describe('a line that is quiet', () => {
  test('beats after four minutes of silence, and hands the answer on', async () => {
    const heartbeat = () => ({ action: 'sync', rooms: { lobby: 7 } }) as const;
    const { clock, socket, received } = await online({ heartbeat });
    await clock.advance(4 * 60_000 - 1);
    expect(socket.received).toHaveLength(1);
    await clock.advance(1);
    expect(socket.received[1]).toMatchObject({ action: 'sync', rooms: { lobby: 7 } });
    expect(received).toMatchObject([{ action: 'sync' }]);
    await clock.advance(3_600_000 / 2);
    expect(socket.received.length).toBeGreaterThanOrEqual(8);
  });

  test('does not beat while frames come in', async () => {
    const { clock, socket } = await online();
    for (let minute = 1; minute <= 20; minute += 1) {
      await clock.advance(60_000);
      socket.send(broadcastOf(minute, 'bob', `b${minute}`));
      await clock.advance(0);
    }
    expect(socket.received).toHaveLength(1);
  });

  test.each(['up', 'down'] as const)('finds a half-open socket out (%s)', async (way) => {
    const { watched, clock, socket, server } = await online();
    socket[way].cut();
    await clock.advance(4 * 60_000 + 9_999);
    expect(watched.line.state.name).toBe('online');
    await clock.advance(1);
    expect(watched.line.state).toMatchObject({ name: 'offline', reason: 'no_answer' });
    await clock.advance(500);
    await server.serve();
    await watched.becomes('online');
  });

  test('beats at once when the page comes to the front, once', async () => {
    const { watched, clock, socket } = await online();
    socket.up.cut();
    await clock.advance(1_000);
    watched.wake();
    watched.wake();
    await clock.advance(9_999);
    watched.wake();
    expect(watched.line.state.name).toBe('online');
    await clock.advance(1);
    expect(watched.line.state).toMatchObject({ name: 'offline', reason: 'no_answer' });
  });
});

describe('a line that looks at a room', () => {
  test('selects it now and after each sign-in, before it is online, and hands the reply on', async () => {
    const { watched, line, clock, socket, server, received } = await online();
    line.look('lobby');
    await socket.until(({ action }) => action === 'select_room');
    await clock.advance(0);
    expect(received).toMatchObject([{ action: 'select_room', room: 'lobby' }]);
    socket.close(1006);
    await clock.advance(500);
    const next = await server.serve();
    await watched.becomes('online');
    expect(next.received[1]).toMatchObject({ action: 'select_room', room: 'lobby' });
  });

  test('selects one room at a time, and of those that wait the last', async () => {
    const { line, clock, socket } = await online();
    socket.down.hold();
    for (const room of ['one', 'two', 'three']) line.look(room);
    await clock.advance(0);
    const selected = () =>
      socket.received.filter(({ action }) => action === 'select_room').map(({ room }) => room);
    expect(selected()).toEqual(['one']);
    socket.down.release();
    await clock.advance(0);
    expect(selected()).toEqual(['one', 'three']);
  });
});

describe('a line that is closed', () => {
  test('hands nothing on any more, not even the rest of what came in one text', async () => {
    const heard: unknown[] = [];
    const { line, socket, clock } = await online({
      receive(frame) {
        heard.push(frame);
        void line.close();
      },
    });
    socket.send([broadcastOf(1, 'bob', 'b1'), broadcastOf(2, 'bob', 'b2')]);
    await clock.advance(0);
    expect(heard).toMatchObject([{ head: 1 }]);
  });

  test('hands nothing on that arrives while its socket is still closing', async () => {
    let late = (_text: string) => {};
    const pairs = createSocketPairs();
    const { line, received, clock } = startOwnLine({
      openSocket(url, handlers) {
        late = (text) => handlers.message(text);
        return pairs.openSocket(url, handlers);
      },
    });
    line.connect();
    await pairs.accept();
    await line.close();
    late(JSON.stringify(broadcastOf(1, 'bob', 'b1')));
    await clock.advance(0);
    expect(received).toEqual([]);
  });

  test('closes its socket and leaves nothing behind', async () => {
    const { watched, line, clock, socket, states } = await online();
    await line.close();
    await line.close();
    expect([socket.closed, clock.waiting, states.at(-1)]).toEqual([1000, 0, 'closed']);
    expect(watched.wakers).toBe(0);
    line.connect();
    line.look('lobby');
    await clock.advance(0);
    expect(line.state.name).toBe('closed');
  });

  test.each(['connecting', 'authenticating', 'recovering', 'offline'] as const)(
    'does so while it is %s',
    async (name) => {
      const recover = () => new Promise<void>(() => {});
      const { line, clock, server, ...watched } = startOwnLine({ recover });
      if (name === 'authenticating') server.deaf.add('authenticate');
      line.connect();
      if (name === 'offline') (await server.next()).close(1006);
      else if (name !== 'connecting') await server.serve();
      await watched.becomes(name);
      await line.close();
      await clock.advance(3_600_000);
      expect([line.state.name, clock.waiting]).toEqual(['closed', 0]);
      expect(server.sockets).toHaveLength(1);
    },
  );
});
