// An automatic scan for what shuts people out: every view of the page, light and dark, wide and narrow.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { arrived, composer, describeInBrowser, message, say } from '../support/web-chat.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WIDE: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const NARROW: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
};

const VIEWS = [
  { name: 'light and wide', options: { ...WIDE, colorScheme: 'light' } },
  { name: 'dark and wide', options: { ...WIDE, colorScheme: 'dark' } },
  { name: 'light and narrow', options: { ...NARROW, colorScheme: 'light' } },
  { name: 'dark and narrow', options: { ...NARROW, colorScheme: 'dark' } },
] as const;

await describeInBrowser('accessibility', (web) => {
  test.for(VIEWS)('has no violations in any view, $name', async ({ name, options }) => {
    const room = `Scan ${name}`;
    await prepare(room);
    const page = await web().open(options);
    const signIn = page.getByRole('button', { name: 'Sign in as alice' });
    await scan(page, 'sign-in', signIn);
    await signIn.click();
    await scan(page, 'rooms', page.locator('.room-item').first());
    await page.locator('.room-item', { hasText: room }).click();
    await arrived(page, 'Good morning, @alice');
    await scan(page, 'room', composer(page));
    await messageMenu(page);
    await dialogs(page);
    await page.getByRole('button', { name: 'Members' }).click();
    await page.locator('.member').first().click();
    await scan(page, 'member menu', page.getByRole('menu'));
    await page.keyboard.press('Escape');
  });

  test('has no violations while a message waits and the network is gone', async () => {
    await prepare('Scan offline');
    const network = await web().addNetwork();
    const page = await web().visit('alice', 'Scan offline', { over: network });
    network.cut();
    await page.getByText('You are offline.').waitFor();
    await say(page, 'Hello?');
    await scan(page, 'offline', message(page, 'Hello?').getByText('Sending…'));
  });

  async function messageMenu(page: Page): Promise<void> {
    const row = message(page, 'Good morning, @alice');
    await row.locator('article').focus();
    await page.keyboard.press('Enter');
    await scan(page, 'message menu', page.getByRole('menuitem', { name: 'Reply' }));
    await page.keyboard.press('Escape');
    await row.getByRole('button', { name: 'React' }).click();
    await scan(page, 'emoji picker', page.locator('.emoji-row button').first());
    await page.keyboard.press('Escape');
    await row.locator('article').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).click();
    await composer(page).fill('@b');
    const bob = page.getByRole('option', { name: 'bob' });
    await scan(page, 'composer with a reply and people to mention', bob);
    await composer(page).fill('');
    await page.keyboard.press('Escape');
  }

  async function dialogs(page: Page): Promise<void> {
    for (const [button, title] of [
      ['Room settings', 'Room settings'],
      ['Pinned messages', 'Pinned messages'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await scan(page, title, page.getByRole('dialog', { name: title }));
      await page.keyboard.press('Escape');
    }
    await page.locator('body').press('Control+k');
    await scan(page, 'switcher', page.getByRole('dialog', { name: 'Go to room' }));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** A room with all that a message can be. */
  async function prepare(name: string): Promise<void> {
    const room = await web().addOwnedRoom(name, ['bob', 'carol']);
    const bob = await web().chat.signIn('bob');
    const tell = async (frame: object) => bob.ask({ room, ...frame });
    const { message } = await tell({
      action: 'new_message',
      text: 'Good morning, @alice',
      mentions: ['alice'],
    });
    const target = message?.seq;
    await tell({ action: 'react', target, emoji: '👍' });
    await tell({ action: 'pin', target });
    await tell({ action: 'new_message', text: 'https://example.com/', reply_to: target });
    const edited = await tell({ action: 'new_message', text: 'Helo' });
    await tell({ action: 'edit_message', target: edited.message?.seq, text: 'Hello' });
    const gone = await tell({ action: 'new_message', text: 'Oh' });
    await tell({ action: 'delete_message', target: gone.message?.seq });
    await bob.close();
    await web().chat.settles();
  }
});

/** Scans the page once what is to be scanned is there. */
async function scan(page: Page, what: string, seen: Locator): Promise<void> {
  await seen.waitFor();
  await page.evaluate(AXE);
  // What fades in has not its colours yet.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished)),
  );
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const results = await axe.run();
    return results.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
    }));
  });
  expect.soft(violations, what).toStrictEqual([]);
}
