import { describe, expect, test } from 'vitest';

import { LEADER_SILENT_MS } from '../../../client/tabs/follower.ts';
import { canShare, createSharedLine } from '../../../client/tabs/shared-line.ts';
import { createManualClock, type ServerSocket } from '../../../client/testing/index.ts';
import { createTestBrowser, type TestTab } from '../support/browser.ts';
import { broadcastOf } from '../support/entry.ts';
import { type TestLine, type TestLineOptions, watchLine } from '../support/line.ts';
import { createTestServer } from '../support/server.ts';

/** A tab with its line. */
type Tab = TestLine & TestTab;

type TabOptions = TestLineOptions & { isHidden?: () => boolean };

/** A browser whose tabs have lines to one server, all on one clock. */
function openBrowser() {
  const clock = createManualClock();
  const server = createTestServer();
  const browser = createTestBrowser();
  return {
    clock,
    server,
    browser,
    openTab: (options: TabOptions = {}): Tab => {
      const tab = browser.openTab();
      const { locks, openChannel } = tab;
      const watched = watchLine(
        (line) => createSharedLine({ ...line, ...options, locks, openChannel }),
        clock,
        server,
        options,
      );
      const { wake: wakePage } = watched;
      const wake = () => {
        tab.wake();
        wakePage();
      };
      return Object.assign(watched, { ...tab, wake });
    },
  };
}

/** Two tabs that are online over the first one's socket. */
async function twoTabs(options: TabOptions = {}) {
  const opened = openBrowser();
  opened.server.serveAll();
  const first = opened.openTab(options);
  first.line.connect();
  await first.becomes('online');
  const second = opened.openTab(options);
  second.line.connect();
  await second.becomes('online');
  const [socket] = opened.server.sockets as [ServerSocket];
  return { ...opened, first, second, socket };
}

const TYPING = { action: 'typing', room: 'lobby' } as const;

const sent = (socket: ServerSocket | undefined, action: string) =>
  socket?.received.filter((frame) => frame['action'] === action) ?? [];

describe('two tabs', () => {
  test('share one socket, one sign-in and one user, and each recovers for itself', async () => {
    const { server, first, second, socket } = await twoTabs();
    expect(server.sockets).toHaveLength(1);
    expect(sent(socket, 'authenticate')).toHaveLength(1);
    expect([first.line.user, second.line.user]).toEqual(['alice', 'alice']);
    expect([first.recoveries, second.recoveries]).toEqual([1, 1]);
    expect(second.states).toEqual(['connecting', 'recovering', 'online']);
  });

  test('ask over it, each hearing the answers to its own', async () => {
    const { clock, first, second, socket } = await twoTabs();
    const asked = [first.line.ask(TYPING, 'one'), second.line.ask(TYPING, 'two')];
    expect(await Promise.all(asked)).toMatchObject([
      { ok: true, reply: { uuid: 'one' } },
      { ok: true, reply: { uuid: 'two' } },
    ]);
    await clock.advance(0);
    expect(sent(socket, 'typing')).toHaveLength(2);
    expect([first.received, second.received]).toEqual([[], []]);
  });

  test('never take the answer of a third for theirs', async () => {
    const { clock, openTab, second, server, socket } = await twoTabs();
    const third = openTab();
    third.line.connect();
    await third.becomes('online');
    server.deaf.add('typing');
    const asked = [second.line.ask(TYPING, 'two'), third.line.ask(TYPING, 'three')];
    await clock.advance(0);
    socket.refuse({ uuid: 'three', action: 'typing' }, 'muted');
    await clock.advance(0);
    socket.reply({ uuid: 'two', action: 'typing' }, { room: 'lobby' });
    expect(await Promise.all(asked)).toMatchObject([{ ok: true }, { ok: false, code: 'muted' }]);
  });

  test('both hear what is broadcast, once, also what one of them said', async () => {
    const { clock, first, second, socket } = await twoTabs();
    const frame = { action: 'new_message', room: 'lobby', text: 'Hi' } as const;
    const asked = second.line.ask(frame, 'uuid-1');
    await socket.until(({ uuid }) => uuid === 'uuid-1');
    socket.send(broadcastOf(1, 'alice', 'uuid-1'));
    expect(await asked).toMatchObject({ ok: true, reply: { head: 1 } });
    await clock.advance(0);
    for (const { received } of [first, second]) expect(received).toMatchObject([{ head: 1 }]);
  });

  test('give a refusal to the one that asked', async () => {
    const { second, server, socket, clock } = await twoTabs();
    server.deaf.add('typing');
    const asked = second.line.ask(TYPING, 'uuid-1');
    await clock.advance(0);
    socket.refuse({ uuid: 'uuid-1', action: 'typing' }, 'muted', { retry_after: 9 });
    expect(await asked).toMatchObject({ ok: false, code: 'muted', retryAfter: 9 });
  });

  test('refuse what cannot be said, wherever it is asked', async () => {
    const { first, second } = await twoTabs();
    const frame = { action: 'signal', room: 'lobby', data: () => {} } as const;
    expect(await second.line.ask(frame)).toMatchObject({ ok: false, code: 'invalid_json' });
    const big = { ...frame, data: 1n };
    expect(await first.line.ask(big)).toMatchObject({ ok: false, code: 'invalid_json' });
    expect(await second.line.ask(big)).toMatchObject({ ok: false, code: 'invalid_json' });
  });

  test('with tokens of two users never share, and nothing tells what the tokens are', async () => {
    const { server, openTab, browser } = openBrowser();
    server.serveAll();
    server.tokens.set('token-of-bob', 'bob');
    const [alice, bob] = [openTab(), openTab({ token: () => 'token-of-bob' })];
    for (const tab of [alice, bob]) tab.line.connect();
    await Promise.all([alice.becomes('online'), bob.becomes('online')]);
    expect([alice.line.user, bob.line.user]).toEqual(['alice', 'bob']);
    expect(server.sockets).toHaveLength(2);
    expect([...browser.channels].join(' ')).not.toContain('token');
  });
});

describe('when the tab that leads is gone', () => {
  test.each(['dies', 'is closed'])('(it %s) the next takes over, and recovers', async (how) => {
    const { clock, server, first, second, socket } = await twoTabs();
    if (how === 'dies') first.die();
    else await first.line.close();
    socket.close(1001);
    await clock.advance(0);
    await second.becomes('online');
    expect(server.sockets.length).toBeGreaterThanOrEqual(2);
    expect(second.recoveries).toBe(2);
    expect(second.states.slice(3)).toEqual([
      'offline',
      'connecting',
      'authenticating',
      'recovering',
      'online',
    ]);
    expect(await second.line.ask(TYPING)).toMatchObject({ ok: true });
    expect(second.line.user).toBe('alice');
  });

  test('the others follow the new one, and all recover', async () => {
    const { clock, server, openTab, first, second } = await twoTabs();
    const third = openTab();
    third.line.connect();
    await third.becomes('online');
    first.die();
    await clock.advance(0);
    await second.becomes('online');
    await third.becomes('online');
    expect([second.recoveries, third.recoveries]).toEqual([2, 2]);
    expect(await third.line.ask(TYPING, 'uuid-3')).toMatchObject({ ok: true });
    expect(sent(server.sockets.at(-1), 'typing')).toMatchObject([{ uuid: 'uuid-3' }]);
  });

  test('what was under way comes to offline', async () => {
    const { clock, server, openTab, first, second } = await twoTabs();
    const third = openTab();
    third.line.connect();
    await third.becomes('online');
    server.deaf.add('typing');
    const asked = [second.line.ask(TYPING), third.line.ask(TYPING)];
    await clock.advance(0);
    first.die();
    const answers = await Promise.all(asked);
    expect(answers).toMatchObject([{ code: 'offline' }, { code: 'offline' }]);
  });

  test('only asleep, it is robbed of the lead, and follows when it wakes', async () => {
    const { clock, server, first, second, socket } = await twoTabs();
    first.sleep();
    second.wake();
    await clock.advance(LEADER_SILENT_MS - 1);
    expect(server.sockets).toHaveLength(1);
    await clock.advance(1);
    await second.becomes('online');
    expect(server.sockets).toHaveLength(2);
    first.wake();
    await first.becomes('offline');
    await first.becomes('online');
    expect([socket.closed, server.sockets.length]).toEqual([1000, 2]);
    expect(await first.line.ask(TYPING, 'uuid-1')).toMatchObject({ ok: true });
    expect(sent(server.sockets[1], 'typing')).toMatchObject([{ uuid: 'uuid-1' }]);
    expect(first.line.user).toBe('alice');
  });

  test('asleep with a request under way, it is found out by that request', async () => {
    const { clock, server, first, second } = await twoTabs();
    first.sleep();
    const asked = second.line.ask(TYPING);
    await clock.advance(12_000 + LEADER_SILENT_MS);
    expect(await asked).toMatchObject({ ok: false, code: 'offline' });
    await second.becomes('online');
    expect(server.sockets).toHaveLength(2);
  });

  test('and the last tab is closed, nothing is left', async () => {
    const { clock, first, second, server } = await twoTabs();
    await second.line.close();
    await first.line.close();
    expect(clock.waiting).toBe(0);
    expect(server.sockets.map(({ closed }) => closed)).toEqual([1000]);
    expect(await second.line.ask(TYPING)).toMatchObject({ ok: false, code: 'closed' });
  });
});

describe('when the shared socket', () => {
  test('is lost, both are offline, and both recover', async () => {
    const { clock, first, second, socket } = await twoTabs();
    socket.close(1006);
    await clock.advance(0);
    expect(second.line.state).toEqual(first.line.state);
    expect(second.line.state).toMatchObject({ name: 'offline', reason: 'lost' });
    expect(await second.line.ask(TYPING)).toMatchObject({ ok: false, code: 'offline' });
    await clock.advance(500);
    await second.becomes('online');
    expect([first.recoveries, second.recoveries]).toEqual([2, 2]);
  });

  test('is replaced in good time, both recover, and neither is seen to leave', async () => {
    const { clock, server, first, second } = await twoTabs();
    await clock.advance(2 * 3_600_000);
    expect(server.sockets).toHaveLength(2);
    expect([first.recoveries, second.recoveries]).toEqual([2, 2]);
    expect(first.states).toEqual(['connecting', 'authenticating', 'recovering', 'online']);
    expect(second.states).toEqual(['connecting', 'recovering', 'online']);
  });

  test('is refused for good, both have failed, and either can try again', async () => {
    const { clock, server, first, second, socket } = await twoTabs();
    socket.close(1008);
    await clock.advance(0);
    expect([first.line.state, second.line.state]).toMatchObject([
      { name: 'failed', code: 'closed_1008' },
      { name: 'failed', code: 'closed_1008' },
    ]);
    await clock.advance(3_600_000);
    expect(server.sockets).toHaveLength(1);
    second.line.connect();
    await first.becomes('online');
    await second.becomes('online');
  });

  test('may be dead, the tab that comes to the front finds out', async () => {
    const { clock, server, second, socket } = await twoTabs();
    socket.up.cut();
    second.wake();
    await clock.advance(10_500);
    expect(server.sockets).toHaveLength(2);
    await second.becomes('online');
  });
});

describe('the room that tabs look at', () => {
  const selected = (socket: ServerSocket | undefined) =>
    sent(socket, 'select_room').map(({ room }) => room);

  test('is that of the tab that looked last; who looks away does not change it', async () => {
    // Hidden tabs do not select again by themselves, so it is the leader's memory that is seen here.
    const { clock, server, first, second, socket } = await twoTabs({ isHidden: () => true });
    first.line.look('lobby');
    await clock.advance(0);
    second.line.look('plans');
    await clock.advance(0);
    first.line.look(undefined);
    await clock.advance(0);
    expect(selected(socket)).toEqual(['lobby', 'plans']);
    expect(second.received.at(-1)).toMatchObject({ action: 'select_room', room: 'plans' });
    socket.close(1006);
    await clock.advance(500);
    await second.becomes('online');
    expect(selected(server.sockets[1]).at(-1)).toBe('plans');
  });

  test('is that of the tab that comes to the front', async () => {
    const { clock, first, second, socket } = await twoTabs();
    second.line.look('plans');
    await clock.advance(0);
    first.line.look('lobby');
    await clock.advance(0);
    second.wake();
    await clock.advance(0);
    expect(selected(socket)).toEqual(['plans', 'lobby', 'plans']);
  });

  test('is selected by whoever takes over the lead', async () => {
    const { clock, server, first, second } = await twoTabs();
    second.line.look('plans');
    await clock.advance(0);
    first.die();
    await clock.advance(0);
    await second.becomes('online');
    expect(selected(server.sockets[1])).toEqual(['plans']);
  });

  test('is remembered by a tab that was robbed of the lead', async () => {
    const { clock, server, first, second } = await twoTabs();
    first.line.look('lobby');
    await clock.advance(0);
    first.sleep();
    second.wake();
    await clock.advance(LEADER_SILENT_MS);
    await second.becomes('online');
    expect(selected(server.sockets[1])).toEqual([]);
    first.wake();
    await first.becomes('offline');
    await first.becomes('online');
    await clock.advance(0);
    expect(selected(server.sockets[1])).toContain('lobby');
  });

  test('is not taken by a tab that nobody sees, when it only recovers', async () => {
    const { clock, server, first, second, socket } = await twoTabs({ isHidden: () => true });
    second.line.look('plans');
    await clock.advance(0);
    first.line.look('lobby');
    await clock.advance(0);
    socket.close(1006);
    await clock.advance(500);
    await second.becomes('online');
    expect(selected(server.sockets[1])).toEqual(['lobby']);
  });
});

describe('a tab that cannot share', () => {
  test('because its token is not to be had at first, has a socket of its own', async () => {
    const { clock, server, openTab } = openBrowser();
    server.serveAll();
    let broken = true;
    const token = () => {
      if (broken) throw new Error('No network');
      return 'token-1';
    };
    const tab = openTab({ token });
    tab.line.connect();
    await clock.advance(0);
    expect(tab.line.state).toMatchObject({ name: 'offline', reason: 'token' });
    broken = false;
    await clock.advance(500);
    await tab.becomes('online');
    expect(await tab.line.ask(TYPING)).toMatchObject({ ok: true });
  });

  test('because its token takes too long, has a socket of its own', async () => {
    const { clock, server, openTab } = openBrowser();
    server.serveAll();
    let calls = 0;
    const token = () => {
      calls += 1;
      return calls === 1 ? new Promise<string>(() => {}) : 'token-1';
    };
    const tab = openTab({ token });
    tab.line.connect();
    await clock.advance(10_000);
    await tab.becomes('online');
  });

  test('because there is no lock to be had, has a socket of its own', async () => {
    const { server, clock } = openBrowser();
    server.serveAll();
    const { openChannel } = createTestBrowser().openTab();
    const locks = { request: () => Promise.reject(new Error('SecurityError')) };
    const tab = watchLine(
      (line) => createSharedLine({ ...line, locks, openChannel }),
      clock,
      server,
    );
    tab.line.connect();
    await tab.becomes('online');
  });
});

describe('on the platform’s own locks and channels', () => {
  test('two lines share a socket, and the second takes over when the first is closed', async () => {
    expect(canShare()).toBe(true);
    const clock = createManualClock();
    const server = createTestServer();
    server.serveAll();
    // A name of its own: the locks are those of the whole process.
    const url = 'wss://chat.example/two-lines';
    const [first, second] = [0, 1].map(() =>
      watchLine(createSharedLine, clock, server, { url }),
    ) as [TestLine, TestLine];
    first.line.connect();
    await first.becomes('online');
    second.line.connect();
    await second.becomes('online');
    expect(server.sockets).toHaveLength(1);
    expect(await second.line.ask(TYPING)).toMatchObject({ ok: true });
    await first.line.close();
    await second.becomes('connecting');
    await second.becomes('online');
    expect(server.sockets).toHaveLength(2);
    expect(await second.line.ask(TYPING)).toMatchObject({ ok: true });
  });
});
