// Everything by keys: no test here touches a pointer.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { arrived, composer, describeInBrowser, say, texts } from '../support/web-chat.ts';

await describeInBrowser('the keyboard', (web) => {
  test('signs in, goes to a room, writes, edits and deletes', async () => {
    await web().addRoom('Keys');
    const page = await web().open();
    await tabTo(page, 'Sign in as alice');
    await page.keyboard.press('Enter');
    await page.getByText('Choose a room to begin.').waitFor();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('keys');
    await page.getByRole('option', { name: 'Keys', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await composer(page).waitFor();
    await expect.poll(() => focused(page)).toBe('Message to Keys');

    await page.keyboard.type('Helo');
    await page.keyboard.press('Enter');
    await arrived(page, 'Helo');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => composer(page).inputValue()).toBe('Helo');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Hello');
    await page.keyboard.press('Enter');
    await page.getByText('Hello (edited)').waitFor();

    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focused(page)).toMatch(/^alice, .*: Hello$/);
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('End');
    await expect.poll(() => focused(page)).toBe('Delete…');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'Delete');
    await page.keyboard.press('Enter');
    await page.getByText('This message was deleted.').waitFor();
  });

  test('moves among messages, and into one and out again', async () => {
    await web().addRoom('Moves');
    const page = await web().visit('alice', 'Moves');
    await say(page, 'First');
    await say(page, 'See https://example.com/ there');
    await arrived(page, 'First');
    await page.locator('li.message[data-seq] a').waitFor();
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focused(page)).toContain('See https');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toContain('First');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('https://example.com/');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('React');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toContain('See https');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Message to Moves');
  });

  test('comes back to the message when its menu is left', async () => {
    await web().addRoom('Return');
    const page = await web().visit('alice', 'Return');
    await say(page, 'First');
    await arrived(page, 'First');
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focused(page)).toMatch(/: First$/);
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toMatch(/: First$/);
  });

  test('has one stop of the tabulator for all rooms, and arrows among them', async () => {
    await web().addRoom('Stop one');
    await web().addRoom('Stop two');
    const page = await web().visit('alice');
    await page.getByText('Choose a room to begin.').waitFor();
    await page.getByLabel('Search rooms').focus();
    await page.keyboard.press('Tab');
    const first = await focused(page);
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).not.toBe(first);
    await page.keyboard.press('Home');
    expect(await focused(page)).toBe(first);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Settings');
  });

  test('gives the focus back when a menu or a dialog is closed', async () => {
    await web().addRoom('Back');
    const page = await web().visit('alice', 'Back');
    await tabTo(page, 'Create or join');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'New room…' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Create or join');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Create or join');
  });

  test('shows its shortcuts on a question mark, but not to who writes one', async () => {
    await web().addRoom('Help');
    const page = await web().visit('alice', 'Help');
    await composer(page).focus();
    await page.keyboard.type('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Backspace');
    await tabTo(page, 'Sign out');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('breaks a line with Shift, and leaves an answer with Escape', async () => {
    await web().addRoom('Lines');
    const page = await web().visit('alice', 'Lines');
    await composer(page).focus();
    await page.keyboard.type('One');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Two');
    await page.keyboard.press('Enter');
    await page.locator('li.message[data-seq]').waitFor();
    expect(await texts(page)).toStrictEqual(['One\nTwo']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Replying to alice').waitFor();
    await expect.poll(() => focused(page)).toBe('Message to Lines');
    await page.keyboard.press('Escape');
    await page.getByText('Replying to alice').waitFor({ state: 'detached' });
  });
});

/** What has the focus, by its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });

/** Presses Tab until something of this name has the focus; more than once around is too often. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < 40; stops += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The tabulator does not reach ${name}`);
}
