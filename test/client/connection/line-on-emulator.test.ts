import { describe, expect, onTestFinished, test } from 'vitest';

import { type Clock, systemClock } from '../../../client/clock.ts';
import type { ConnectionState } from '../../../client/connection/connection-state.ts';
import { isBroadcast, type ServerFrame } from '../../../client/connection/frames.ts';
import type { Line, LineOptions } from '../../../client/connection/line.ts';
import { createOwnLine } from '../../../client/connection/own-line.ts';
import { createSharedLine } from '../../../client/tabs/shared-line.ts';
import { openWebSocket, type OpenSocket } from '../../../client/connection/socket.ts';
import { manualClock } from '../../../emulator/index.ts';
import { startChat, type TestChat } from '../../support/chat.ts';

/*
 * Goal: the connection half does on real sockets, against the real functions, what it does on the socket
 * pair. Method: lines on the emulator, with the machine's clock, some of its waits shortened.
 */

interface Person {
  readonly line: Line;
  readonly states: readonly ConnectionState[];
  readonly received: readonly ServerFrame[];
  /** How many sockets it has opened. */
  readonly sockets: () => number;
  becomes(name: ConnectionState['name']): Promise<void>;
  /** Resolves when a frame of this action was handed on. */
  hears(action: string): Promise<void>;
  /** Resolves when this person was told that somebody has so many connections. */
  sees(user: string, online: number): Promise<void>;
  /** Resolves when this person has all numbers of the lobby up to this one. */
  has(seq: number): Promise<void>;
}

/** Somebody with a line, who catches up with the lobby by `sync`, as rooms do. */
function connect(
  chat: TestChat,
  user: string,
  options: Partial<LineOptions> = {},
  createLine = createOwnLine,
): Person {
  const states: ConnectionState[] = [];
  const received: ServerFrame[] = [];
  const seqs = new Set<number>();
  const watchers = new Set<() => void>();
  let sockets = 0;

  const openSocket: OpenSocket = (url, handlers) => {
    sockets += 1;
    return openWebSocket(url, handlers);
  };
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const watch = () => {
        if (!condition()) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  const note = (...noted: readonly number[]) => {
    for (const seq of noted) seqs.add(seq);
    for (const watch of watchers) watch();
  };
  const line = createLine({
    url: chat.cloud.apis[0]?.websocket ?? '',
    token: () => chat.tokens[user] ?? '',
    openSocket,
    clock: systemClock,
    random: () => 0,
    heartbeat: () => undefined,
    problem: ({ code }) => expect.unreachable(code),
    async recover() {
      const answer = await line.ask({ action: 'sync', rooms: { lobby: 0 } });
      const { lobby } = (
        answer.ok && 'rooms' in answer.reply ? answer.reply.rooms : {}
      ) as Readonly<Record<string, { entries?: readonly { seq: number }[] }>>;
      note(...(lobby?.entries ?? []).map(({ seq }) => seq));
    },
    receive(frame) {
      received.push(frame);
      note(...(isBroadcast(frame) && frame.room === 'lobby' ? [frame.head] : []));
    },
    ...options,
  });
  line.onState((state) => {
    states.push(state);
    note();
  });
  onTestFinished(() => line.close());
  line.connect();
  return {
    line,
    states,
    received,
    sockets: () => sockets,
    becomes: (name) => until(() => line.state.name === name),
    hears: (action) => until(() => received.some((frame) => frame.action === action)),
    sees: (seen, online) => until(() => received.some((frame) => tells(frame, seen, online))),
    has: (last) =>
      until(() => Array.from({ length: last }, (_, i) => i + 1).every((n) => seqs.has(n))),
  };
}

const tells = (frame: ServerFrame, user: string, online: number) =>
  'people' in frame && frame.people.some((one) => one.user === user && one.online === online);

const say = (line: Line, text: string) => line.ask({ action: 'new_message', room: 'lobby', text });

describe('a line on real sockets', () => {
  test('signs in, looks at a room, says something, and hears it', async () => {
    const chat = await startChat();
    const alice = connect(chat, 'alice');
    await alice.becomes('online');
    alice.line.look('lobby');
    expect(alice.line.user).toBe('alice');
    expect(await say(alice.line, 'Hi')).toMatchObject({ ok: true });
    await alice.has(1);
    expect(await say(alice.line, ' ')).toMatchObject({ ok: false, code: 'empty_text' });
    await chat.settles();
    const actions = alice.received.map(({ action }) => action);
    expect(new Set(actions)).toEqual(new Set(['new_message', 'select_room']));
  });

  test('fails for good, and opens nothing any more, when its token is revoked', async () => {
    const chat = await startChat();
    const clock = movable();
    const alice = connect(chat, 'alice', { clock });
    await alice.becomes('online');
    await chat.directory.revokeTokens('alice');
    clock.later(60_000);
    alice.line.look('lobby');
    await alice.becomes('failed');
    expect(alice.line.state).toMatchObject({ code: 'invalid_token' });
    expect(alice.sockets()).toBe(1);
  });

  test('[A6] goes on over the same socket with a fresh token when its session has ended', async () => {
    const chat = await startChat();
    let token = chat.tokens['alice'] ?? '';
    const clock = movable();
    const alice = connect(chat, 'alice', { token: () => token, clock });
    const bob = connect(chat, 'bob');
    await Promise.all([alice.becomes('online'), bob.becomes('online')]);
    await chat.directory.revokeTokens('alice');
    await say(bob.line, 'Alice is signed out');
    token = await chat.directory.issueToken('alice', 1);
    clock.later(60_000);
    expect(await say(alice.line, 'Back')).toMatchObject({ ok: true });
    await alice.has(2);
    await say(bob.line, 'Welcome back');
    await alice.has(3);
    expect(alice.sockets()).toBe(1);
  });

  test('comes back by itself when API Gateway ends an idle connection', async () => {
    // The gateway's ten minutes pass when the test says so, however busy the machine is.
    const clock = manualClock(Date.now());
    const chat = await startChat({ clock });
    const alice = connect(chat, 'alice');
    await alice.becomes('online');
    clock.advance(10 * 60_000);
    await alice.becomes('offline');
    expect(alice.line.state).toMatchObject({ reason: 'going_away' });
    await alice.becomes('online');
    expect(alice.sockets()).toBe(2);
  });

  test('asks the server at once when the page comes to the front, and hands the answer on', async () => {
    const chat = await startChat();
    let wake = () => {};
    const alice = connect(chat, 'alice', {
      heartbeat: () => ({ action: 'sync', rooms: { lobby: 0 } }),
      onWake(listener) {
        wake = listener;
        return () => {};
      },
    });
    await alice.becomes('online');
    wake();
    await alice.hears('sync');
    expect(alice.line.state.name).toBe('online');
  });

  test('lives through the two hours’ cut, in scaled time, without a gap and without being missed', async () => {
    const chat = await startChat({ gatewayLimits: { durationMs: 4_000 } });
    // An hour becomes two seconds: what API Gateway would cut after two hours, it cuts after four.
    const clock = shortening((ms) => (ms >= 3_600_000 ? ms / 1_800 : ms));
    const alice = connect(chat, 'alice', { clock });
    const bob = connect(chat, 'bob', { clock });
    await Promise.all([alice.becomes('online'), bob.becomes('online')]);
    bob.line.look('lobby');
    let said = 0;
    while (alice.sockets() < 4) {
      expect(await say(bob.line, `message ${said}`)).toMatchObject({ ok: true });
      said += 1;
      await alice.has(said);
    }
    for (const { states } of [alice, bob]) {
      expect(states.map(({ name }) => name)).toEqual([
        'connecting',
        'authenticating',
        'recovering',
        'online',
      ]);
    }
    await chat.settles();
    const gone = bob.received.filter((frame) => tells(frame, 'alice', 0));
    expect(gone).toEqual([]);
    expect(said).toBeGreaterThan(3);
    await alice.line.close();
    await bob.sees('alice', 0);
  });
  test('is shared by two tabs, and opened anew when the tab that has it is closed', async () => {
    const chat = await startChat();
    const first = connect(chat, 'alice', {}, createSharedLine);
    await first.becomes('online');
    const second = connect(chat, 'alice', {}, createSharedLine);
    await second.becomes('online');
    expect([first.sockets(), second.sockets()]).toEqual([1, 0]);
    expect(await say(second.line, 'From the second tab')).toMatchObject({ ok: true });
    await Promise.all([first.has(1), second.has(1)]);
    await first.line.close();
    await second.becomes('connecting');
    await second.becomes('online');
    expect(second.sockets()).toBe(1);
    expect(await say(second.line, 'On its own')).toMatchObject({ ok: true });
    await second.has(2);
  });
});

/** The machine's clock, some of whose waits are shorter. */
const shortening = (shorten: (ms: number) => number): Clock => ({
  now: () => systemClock.now(),
  after: (ms, run) => systemClock.after(shorten(ms), run),
});

/** The machine's clock, which a test can put forward: a session that is a minute old is renewed. */
function movable(): Clock & { later(ms: number): void } {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    after: (ms, run) => systemClock.after(ms, run),
    later: (ms) => (ahead += ms),
  };
}
