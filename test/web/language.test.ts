// The words of the page are in files of their own, one for each language.
import { expect, test } from 'vitest';

import { arrived, describeInBrowser, say } from '../support/web-chat.ts';

await describeInBrowser('languages', (web) => {
  test('speaks the language of the browser, and writes dates as its region does', async () => {
    await web().addRoom('Sprache');
    const page = await web().open({ locale: 'de-AT', timezoneId: 'Europe/Vienna' });
    await page.getByRole('button', { name: 'Als alice anmelden' }).click();
    await page.locator('.room-item', { hasText: 'Sprache' }).click();
    await page.getByText('Noch nichts. Sag Hallo!').waitFor();
    await page.getByRole('textbox', { name: 'Nachricht an Sprache' }).fill('Grüß Gott');
    await page.keyboard.press('Enter');
    await arrived(page, 'Grüß Gott');
    await page.getByText('Heute').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
  });

  test('changes it by a setting, which outlives a reload', async () => {
    await web().addRoom('Words');
    const page = await web().visit('alice', 'Words');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('textbox', { name: 'Nachricht an Words' }).waitFor();
  });

  test('sets text from right to left where it is such text, and only there', async () => {
    await web().addRoom('Both');
    const page = await web().visit('alice', 'Both');
    await say(page, 'שלום');
    await say(page, 'Hello');
    await arrived(page, 'שלום');
    await arrived(page, 'Hello');
    const direction = (text: string) =>
      page
        .locator('.text', { hasText: text })
        .evaluate((element) => getComputedStyle(element).direction);
    expect(await direction('שלום')).toBe('rtl');
    expect(await direction('Hello')).toBe('ltr');
  });

  test('can be turned round as a whole', async () => {
    await web().addRoom('Mirror');
    const page = await web().visit('alice', 'Mirror');
    const left = () =>
      page.locator('.rooms').evaluate((rooms) => rooms.getBoundingClientRect().left);
    expect(await left()).toBe(0);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    expect(await left()).toBeGreaterThan(0);
  });
});
