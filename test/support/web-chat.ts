/** The web chat as people use it: built, served, on a running chat, in real browsers. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';

import { buildWeb } from '../../bin/web-build.ts';
import { startWebServer } from '../../bin/web-server.ts';
import { startBrowser } from './browser.ts';
import { WANTED } from './browser-line.ts';
import { openChat, type TestChat } from './chat.ts';
import { type Network, startNetwork } from './network.ts';

/** Milliseconds after which something that was to be seen will not be any more. */
const SEEN_MAX_MS = 40_000;

/** For a test as a whole: browsers are slow on a machine that does other things, too. */
const TEST_MAX_MS = 180_000;

export interface WebChat {
  readonly chat: TestChat;
  /** Opens the page as somebody new: a browser profile of his own. */
  open(options?: VisitOptions): Promise<Page>;
  /** Opens it, signs in with a click, and goes to a room if there is one named. */
  visit(user: string, room?: string, options?: VisitOptions): Promise<Page>;
  /** A room of its own for a test, with these members; answers its id. */
  addRoom(name: string, members?: readonly string[]): Promise<string>;
  /** A room that alice made, with others in it. */
  addOwnedRoom(
    name: string,
    others: readonly string[],
    kind?: 'public' | 'private',
  ): Promise<string>;
  /** A network of its own between a page and the chat. */
  addNetwork(): Promise<WebNetwork>;
}

export interface WebNetwork extends Network {
  /** Where the page is that speaks over it. */
  readonly page: string;
}

export type VisitOptions = BrowserContextOptions & {
  readonly over?: WebNetwork;
  /** Errors on the console that the test means to cause. */
  readonly meant?: RegExp;
};

/**
 * A group of tests of one chat, skipped where there is no browser. A page that reports an error, of a script
 * or of its Content-Security-Policy, fails the test that opened it.
 */
export async function describeInBrowser(
  what: string,
  tests: (webChat: () => WebChat) => void,
): Promise<void> {
  const browser = await startBrowser();
  describe.skipIf(browser === undefined)(`${what} (${WANTED})`, { timeout: TEST_MAX_MS }, () => {
    let running: (WebChat & { close(): Promise<void> }) | undefined;
    beforeAll(async () => {
      if (browser !== undefined) running = await startWebChat(browser);
    });
    afterAll(() => running?.close());
    tests(() => {
      if (running === undefined) throw new Error('The web chat does not run');
      return running;
    });
  });
}

async function startWebChat(browser: Browser): Promise<WebChat & { close(): Promise<void> }> {
  const chat = await openChat();
  const websocket = chat.cloud.apis[0]?.websocket ?? '';
  const people = Object.entries(chat.tokens).map(([user, token]) => ({ user, token }));
  const directory = await buildWeb();
  const serve = (url: string) => startWebServer({ directory, config: { url, people }, port: 0 });
  const server = await serve(websocket);
  let rooms = 0;

  const open = async ({ over, meant = CUT, ...options }: VisitOptions = {}) => {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(SEEN_MAX_MS);
    const page = await context.newPage();
    refuseErrors(page, meant);
    await page.goto(over?.page ?? server.url);
    return page;
  };
  return {
    chat,
    open,
    async visit(user, room, options) {
      const page = await open(options);
      await page.getByRole('button', { name: `Sign in as ${user}` }).click();
      if (room !== undefined) {
        await roomLink(page, room).click();
        await composer(page).waitFor();
      }
      return page;
    },
    async addRoom(name, members = ['alice', 'bob']) {
      rooms += 1;
      await chat.directory.addRoom(name, members, `room-${rooms}`);
      return `room-${rooms}`;
    },
    async addOwnedRoom(name, others, kind = 'private') {
      const alice = await chat.signIn('alice');
      const { room } = await alice.ask({ action: 'create_room', name, kind });
      for (const user of others) await alice.ask({ action: 'invite', room, user });
      await alice.close();
      return room ?? '';
    },
    async addNetwork() {
      const network = await startNetwork(websocket);
      const own = await serve(network.url);
      onTestFinished(async () => {
        await own.close();
        await network.close();
      });
      return { ...network, page: own.url };
    },
    async close() {
      await browser.close();
      await server.close();
      await chat.close();
    },
  };
}

/** A socket that a test cuts is no error of the page. */
const CUT = /^WebSocket connection/;

function refuseErrors(page: Page, meant: RegExp): void {
  page.on('pageerror', (error) => expect.soft(error.stack).toBeUndefined());
  page.on('console', (message) => {
    const isFault = message.type() === 'error' && !meant.test(message.text());
    if (isFault) expect.soft(message.text()).toBeUndefined();
  });
}

/** The room of this name in the list. */
export const roomLink = (page: Page, room: string): Locator =>
  page.locator('a.room-item', { has: page.getByText(room, { exact: true }) });

/** The box to write in. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message to/ });

/** Says something in the open room. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The message of the open room with exactly this text. */
export const message = (page: Page, text: string): Locator =>
  page.locator('li.message', { has: page.locator('.text').getByText(text, { exact: true }) });

/** Waits until a message is there, and in the log. */
export const arrived = (page: Page, text: string): Promise<void> =>
  page
    .locator('li.message[data-seq]', {
      has: page.locator('.text').getByText(text, { exact: true }),
    })
    .waitFor();

/** The texts of the messages of the open room, from above. */
export const texts = (page: Page): Promise<string[]> =>
  page.locator('li.message .text').allInnerTexts();

/** Opens the menu of a message and chooses. */
export async function choose(page: Page, text: string, action: string): Promise<void> {
  const row = message(page, text);
  await row.hover();
  await row.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}
