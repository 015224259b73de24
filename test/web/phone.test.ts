// The page on a small screen under a thumb.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { arrived, composer, describeInBrowser, message, roomLink } from '../support/web-chat.ts';

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };

await describeInBrowser('a phone', (web) => {
  test('shows one thing at a time, and goes back with the button or the browser', async () => {
    await web().addRoom('Small');
    const page = await web().visit('alice', undefined, PHONE);
    await expectNothingCutOff(page);
    await roomLink(page, 'Small').tap();
    await composer(page).waitFor();
    expect(await page.getByLabel('Search rooms').isVisible()).toBe(false);
    await expectNothingCutOff(page);
    await page.getByRole('button', { name: 'Back to the rooms' }).tap();
    await page.getByLabel('Search rooms').waitFor();
    await roomLink(page, 'Small').tap();
    await composer(page).waitFor();
    await page.goBack();
    await page.getByLabel('Search rooms').waitFor();
  });

  test('sends with the button, while Enter makes a line', async () => {
    await web().addRoom('Thumb');
    const page = await web().visit('alice', 'Thumb', PHONE);
    await composer(page).tap();
    await page.keyboard.type('One');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Two');
    await page.getByRole('button', { name: 'Send' }).tap();
    await page.locator('li.message[data-seq]').waitFor();
    expect(await page.locator('li.message .text').innerText()).toBe('One\nTwo');
  });

  test('opens what can be done with a message by a tap on it', async () => {
    await web().addRoom('Tap');
    const page = await web().visit('alice', 'Tap', PHONE);
    await composer(page).fill('Tap me, I am a message that is long enough for two lines');
    await page.getByRole('button', { name: 'Send' }).tap();
    await arrived(page, 'Tap me, I am a message that is long enough for two lines');
    const row = message(page, 'Tap me, I am a message that is long enough for two lines');
    await row.locator('.text').tap();
    await row.getByRole('button', { name: 'Actions' }).tap();
    await page.getByRole('menuitem', { name: 'Edit' }).tap();
    await page.getByText('Editing a message').waitFor();
    await expectNothingCutOff(page);
  });

  test('shows the members over the room', async () => {
    await web().addRoom('Crew');
    const page = await web().visit('alice', 'Crew', PHONE);
    await page.getByRole('button', { name: 'Members' }).tap();
    await page.locator('.member', { hasText: 'bob' }).waitFor();
    await expectNothingCutOff(page);
    await page.getByRole('button', { name: 'Close members' }).tap();
    await composer(page).waitFor();
  });
});

/** Nothing is wider than the screen. */
async function expectNothingCutOff(page: Page): Promise<void> {
  const { width, wide } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    wide: [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map(({ className }) => className),
  }));
  expect(width).toBeLessThanOrEqual(320);
  expect(wide).toStrictEqual([]);
}
