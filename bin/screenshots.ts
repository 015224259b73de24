/**
 * Pictures of the web chat for the documentation: `docs/screenshots/{desktop,phone}-{light,dark}.png`, of
 * the demo with a bit of conversation. Needs a Chromium or Chrome, like the browser tests.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Browser, Page } from 'playwright-core';

import { type Chat, createChat, type Room } from '../client/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { fail } from './command.ts';
import { addDemo } from './demo.ts';
import { startLocalChat } from './local-chat.ts';
import { buildWeb } from './web-build.ts';
import { startWebServer } from './web-server.ts';

const DIRECTORY = fileURLToPath(new URL('../docs/screenshots', import.meta.url));

const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 },
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
} as const;

const browser = await startBrowser();
if (browser === undefined) fail('Pictures need a Chromium or Chrome, and there is none here.');
const chat = await startLocalChat({ port: 0 });
const { users } = await addDemo(chat.directory);
const url = chat.cloud.apis[0]?.websocket ?? '';
const people = users.map(({ username, token }) => ({ user: username, token }));
const server = await startWebServer({
  directory: await buildWeb(),
  config: { url, people },
  port: 0,
});
const [alice, bob, carol] = people.map(({ token }) => signIn(url, token));
if (alice === undefined || bob === undefined || carol === undefined)
  throw new Error('Who is there?');

await converse(alice, bob, carol);
mkdirSync(DIRECTORY, { recursive: true });
const pages = [];
for (const colorScheme of ['light', 'dark'] as const) {
  for (const size of ['desktop', 'phone'] as const) {
    pages.push({ name: `${size}-${colorScheme}`, page: await open(browser, size, colorScheme) });
  }
}
carol.look('engineering');
carol.room('engineering').setTyping(true);
await Promise.all(pages.map(({ page }) => page.getByText('carol is typing…').waitFor()));
for (const { name, page } of pages) await page.screenshot({ path: join(DIRECTORY, `${name}.png`) });
await Promise.all([alice, bob, carol].map((one) => one.close()));
await browser.close();
await server.close();
await chat.close();

function signIn(url: string, token: string): Chat {
  const chat = createChat({ url, token: () => token });
  chat.connect();
  return chat;
}

/** Says it, and waits until it is in the log; answers its number. */
async function say(
  chat: Chat,
  id: string,
  text: string,
  more: Parameters<Room['send']>[1] = {},
): Promise<number> {
  const room = chat.room(id);
  // Only of a room that one looks at is everything heard.
  chat.look(id);
  const { uuid } = room.send(text, more);
  const find = () => room.messages.find((message) => message.uuid === uuid)?.seq;
  return new Promise((resolve) => {
    const stop = room.on('change', () => {
      const seq = find();
      if (seq === undefined) return;
      stop();
      resolve(seq);
    });
  });
}

async function converse(alice: Chat, bob: Chat, carol: Chat): Promise<void> {
  await Promise.all([alice, bob, carol].map(ready));
  const room = 'engineering';
  await say(bob, room, 'Good morning! Has anybody looked at the flaky test in the broadcaster?');
  await say(
    alice,
    room,
    'Yes. Two frames in the same millisecond, and the order came out by chance.',
  );
  const fix = await say(
    alice,
    room,
    'The fix is on main, with a test that fails without it: https://example.com/parley/commit/4f2c1',
  );
  await bob.room(room).react(fix, '🎉', true);
  await carol.room(room).react(fix, '🎉', true);
  await carol.room(room).react(fix, '👀', true);
  const wish = await say(carol, room, 'Lovely. @alice could you add a line to the changelog?', {
    mentions: ['alice'],
  });
  const done = await say(alice, room, 'Don', { replyTo: wish });
  await alice.room(room).edit(done, 'Done, and deployed.');
  const notes = await say(
    bob,
    room,
    'For today:\n 1. rooms are logs\n 2. no message is lost\n 3. nobody waits for a slow reader',
  );
  await carol.room(room).pin(notes, true);
  await bob.room(room).react(done, '👍', true);
  alice.room(room).markRead();
  carol.room(room).markRead();

  const direct = await bob.openDirect('alice');
  if (direct.ok) await say(bob, direct.room, 'Shall we pair on the sequencer this afternoon?');
  await say(bob, 'lobby', 'Lunch at noon? There is a new place around the corner.');
  await say(bob, 'lobby', '@alice they have your dumplings', { mentions: ['alice'] });
  await chat.cloud.settled();
}

function ready(chat: Chat): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (chat.ready) resolve();
    };
    chat.on('rooms', look);
    look();
  });
}

async function open(
  browser: Browser,
  size: keyof typeof SIZES,
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  const context = await browser.newContext({ ...SIZES[size], colorScheme, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Sign in as alice' }).click();
  await page.locator('.room-item', { hasText: 'Engineering' }).click();
  await page.locator('.text', { hasText: 'For today:' }).waitFor();
  return page;
}
