import { describe, expect, test } from 'vitest';

import { startOwnLine, type TestLineOptions } from '../support/line.ts';

/** Online, for long enough that a session may have ended. */
async function longOnline(options: TestLineOptions = {}) {
  const watched = startOwnLine(options);
  watched.line.connect();
  const socket = await watched.server.serve();
  await watched.becomes('online');
  await watched.clock.advance(60_000);
  return { ...watched, watched, socket };
}

const TYPING = { action: 'typing', room: 'lobby' } as const;

describe('signing in', () => {
  test('[A2] asks for a fresh token, once, when one is refused', async () => {
    const tokens = ['expired', 'token-2'];
    const { line, server, ...watched } = startOwnLine({ token: () => tokens.shift() ?? 'none' });
    line.connect();
    const socket = await server.serve();
    await watched.becomes('online');
    expect(socket.received.map(({ token }) => token)).toEqual(['expired', 'token-2']);
  });

  test('[A2] fails for good when a fresh token is refused too, and never tries again', async () => {
    const { line, server, clock, ...watched } = startOwnLine({ token: () => 'revoked' });
    line.connect();
    const socket = await server.serve();
    await watched.becomes('failed');
    expect(line.state).toMatchObject({ name: 'failed', code: 'invalid_token' });
    await clock.advance(24 * 3_600_000);
    expect([server.sockets.length, socket.received.length]).toEqual([1, 2]);
    expect([socket.closed, clock.waiting]).toEqual([1000, 0]);
  });

  test('tries again later when the token callback fails', async () => {
    let broken = true;
    const token = async () => {
      if (broken) throw new Error('No network');
      return 'token-1';
    };
    const { line, server, clock, ...watched } = startOwnLine({ token });
    line.connect();
    await server.serve();
    await watched.becomes('offline');
    expect(line.state).toMatchObject({ reason: 'token' });
    broken = false;
    await clock.advance(500);
    await server.serve();
    await watched.becomes('online');
  });

  test('does not wait for ever for the token callback', async () => {
    const token = () => new Promise<string>(() => {});
    const { line, server, clock } = startOwnLine({ token });
    line.connect();
    await server.serve();
    await clock.advance(30_000);
    expect(line.state).toMatchObject({ name: 'offline', reason: 'no_answer' });
  });

  test('waits when the server is too busy to sign anybody in, as long as it says', async () => {
    const { line, server, clock, ...watched } = startOwnLine();
    server.deaf.add('authenticate');
    line.connect();
    const socket = await server.serve();
    const frame = await socket.until(({ action }) => action === 'authenticate');
    socket.refuse(frame, 'out_of_order', { retry_after: 20 });
    await watched.becomes('offline');
    expect(line.state).toMatchObject({ reason: 'refused', retryAt: clock.now() + 20_000 });
  });

  test('fails when a token suddenly is another user’s: what is unsent must not go out as his', async () => {
    const { watched, line, server, socket, clock } = await longOnline();
    server.tokens.set('token-1', 'bob');
    socket.close(1001);
    await clock.advance(500);
    await server.serve();
    await watched.becomes('failed');
    expect(line.state).toMatchObject({ code: 'other_user' });
    expect(line.user).toBe('alice');
  });
});

test('fails when the first token is of anybody else than it was said to be', async () => {
  const { line, server, ...watched } = startOwnLine({ user: 'bob' });
  line.connect();
  await server.serve();
  await watched.becomes('failed');
  expect(line.state).toMatchObject({ code: 'other_user' });
  expect(line.user).toBeUndefined();
});

describe('a session that ends', () => {
  test('[A6] is renewed on the same socket, and the request goes out once more', async () => {
    const { watched, line, server, socket } = await longOnline();
    server.signedIn.clear();
    expect(await line.ask(TYPING, 'uuid-1')).toMatchObject({ ok: true });
    expect(socket.received.slice(1).map(({ action }) => action)).toEqual([
      'typing',
      'authenticate',
      'typing',
    ]);
    await watched.becomes('online');
    // What was broadcast in between did not come.
    expect(watched.recoveries).toBe(2);
    expect(server.sockets).toHaveLength(1);
  });

  test('[A6] is renewed once for all requests that were told so', async () => {
    const { line, server, socket, clock } = await longOnline();
    server.signedIn.clear();
    const asked = [line.ask(TYPING), line.ask(TYPING), line.ask(TYPING)];
    await clock.advance(0);
    const answers = await Promise.all(asked);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    const signIns = socket.received.filter(({ action }) => action === 'authenticate');
    expect(signIns).toHaveLength(2);
  });

  test('[A6] is renewed for a request whose refusal came after the renewal', async () => {
    const { line, server, socket, clock } = await longOnline();
    server.signedIn.clear();
    server.deaf.add('signal');
    const late = line.ask({ action: 'signal', room: 'lobby', data: 1 }, 'late');
    expect(await line.ask(TYPING)).toMatchObject({ ok: true });
    socket.refuse({ uuid: 'late', action: 'signal' }, 'authentication_required');
    await clock.advance(0);
    socket.reply({ uuid: 'late', action: 'signal' }, { room: 'lobby' });
    expect(await late).toMatchObject({ ok: true });
    expect(socket.received.filter(({ action }) => action === 'authenticate')).toHaveLength(2);
  });

  test('[A6] is found out by the heartbeat when nothing else is asked', async () => {
    const { watched, server, socket, clock } = await longOnline();
    server.signedIn.clear();
    await clock.advance(4 * 60_000);
    expect(socket.received.filter(({ action }) => action === 'authenticate')).toHaveLength(2);
    expect(watched.recoveries).toBe(2);
  });

  test('ends in failed when the token was revoked', async () => {
    const { watched, line, server, clock } = await longOnline();
    server.signedIn.clear();
    server.tokens.clear();
    expect(await line.ask(TYPING)).toMatchObject({ ok: false, code: 'offline' });
    await watched.becomes('failed');
    await clock.advance(24 * 3_600_000);
    expect(server.sockets).toHaveLength(1);
  });

  test('does not stall requests on a token callback that never answers', async () => {
    let hang = false;
    const token = () => (hang ? new Promise<string>(() => {}) : 'token-1');
    const { line, server, clock } = await longOnline({ token });
    hang = true;
    server.signedIn.clear();
    const asked = line.ask(TYPING);
    await clock.advance(30_000);
    expect(await asked).toMatchObject({ ok: false, code: 'offline' });
  });

  test('is not renewed for ever by a server that ends it at once', async () => {
    const recover = async () => {
      await line.ask(TYPING);
    };
    const { line, server, clock } = startOwnLine({ recover });
    line.connect();
    server.serveAll();
    const forget = () => server.signedIn.clear();
    for (let second = 0; second < 600; second += 1) {
      for (const socket of server.sockets) socket.onFrame(forget);
      await clock.advance(1_000);
    }
    const signIns = server.sockets.flatMap(({ received }) =>
      received.filter(({ action }) => action === 'authenticate'),
    );
    expect(signIns.length).toBeGreaterThan(1);
    expect(signIns.length).toBeLessThan(2 * 100);
  });
});
