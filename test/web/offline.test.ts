// The network goes, as networks do, and comes back; and what is said meanwhile is neither lost nor doubled.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { arrived, composer, describeInBrowser, message, say, texts } from '../support/web-chat.ts';

await describeInBrowser('without a network', (web) => {
  test('keeps what is said by both sides, and shows it to both in one order', async () => {
    await web().addRoom('Torn');
    const network = await web().addNetwork();
    const alice = await web().visit('alice', 'Torn', { over: network });
    const bob = await web().visit('bob', 'Torn');
    await say(alice, 'Before');
    await arrived(bob, 'Before');

    network.cut();
    await alice.getByText('You are offline.').waitFor();
    await say(alice, 'From the tunnel');
    await say(alice, 'Still in it');
    await say(bob, 'Are you there?');
    await arrived(bob, 'Are you there?');
    await message(alice, 'Still in it').getByText('Sending…').waitFor();
    network.restore();
    await tryNow(alice);

    await arrived(alice, 'Still in it');
    await arrived(bob, 'Still in it');
    const all = ['Before', 'Are you there?', 'From the tunnel', 'Still in it'];
    expect(await texts(alice)).toStrictEqual(all);
    expect(await texts(bob)).toStrictEqual(all);
  });

  test('says when the next attempt is, and nothing when it is online again', async () => {
    await web().addRoom('Gap');
    const network = await web().addNetwork();
    const alice = await web().visit('alice', 'Gap', { over: network });
    network.cut();
    await alice.getByText(/Next attempt in \d+ seconds?\./).waitFor();
    network.restore();
    await tryNow(alice);
    await alice.getByText('You are offline.').waitFor({ state: 'detached' });
    await say(alice, 'Back');
    await arrived(alice, 'Back');
  });

  test('sends after a reload what could not be sent before it', async () => {
    await web().addRoom('Reload');
    const network = await web().addNetwork();
    const alice = await web().visit('alice', 'Reload', { over: network });
    network.cut();
    await alice.getByText('You are offline.').waitFor();
    await say(alice, 'Do not lose me');
    await message(alice, 'Do not lose me').waitFor();
    network.restore();
    await alice.reload();
    await arrived(alice, 'Do not lose me');
    const log = await web().chat.log((await roomOf(alice)) ?? '');
    expect(log.filter(({ content }) => String(content).includes('Do not lose me'))).toHaveLength(1);
  });

  test('keeps a draft over a reload and a change of rooms, and stays signed in', async () => {
    await web().addRoom('Drafts');
    await web().addRoom('Other');
    const alice = await web().visit('alice', 'Drafts');
    await composer(alice).fill('Half a thou');
    await alice.getByRole('link', { name: /^Other/ }).click();
    await alice.getByRole('textbox', { name: 'Message to Other' }).waitFor();
    expect(await composer(alice).inputValue()).toBe('');
    await alice.getByRole('link', { name: /^Drafts/ }).click();
    await alice.getByRole('textbox', { name: 'Message to Drafts' }).waitFor();
    expect(await composer(alice).inputValue()).toBe('Half a thou');
    await alice.reload();
    await composer(alice).waitFor();
    expect(await composer(alice).inputValue()).toBe('Half a thou');
  });

  test('shows why a message was refused, and lets it be sent again or thrown away', async () => {
    const room = await web().addOwnedRoom('Muted', ['bob']);
    const alice = await web().visit('alice', 'Muted');
    const bob = await web().visit('bob', 'Muted');
    await mute(room, 'bob', 600);
    await say(bob, 'One');
    await say(bob, 'Two');
    await message(bob, 'One').getByText('Not sent. You are muted in this room.').waitFor();
    await message(bob, 'Two').getByRole('button', { name: 'Discard' }).click();
    await message(bob, 'Two').waitFor({ state: 'detached' });
    await mute(room, 'bob', 0);
    await message(bob, 'One').getByRole('button', { name: 'Try again' }).click();
    await arrived(alice, 'One');
    expect(await texts(bob)).toStrictEqual(['One']);
  });

  test('leads back to the sign-in, with the reason, when the token is refused', async () => {
    const page = await web().open();
    await page.getByLabel('Token').fill('c29tZWJvZHk.nonsense');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('This token is wrong, has expired or was revoked.').waitFor();
    await page.getByLabel('Token').fill(web().chat.tokens['carol'] ?? '');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Choose a room to begin.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Welcome to Parley' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Welcome to Parley' }).waitFor();
  });

  /** As an owner of the room does it, on a plain socket. */
  async function mute(room: string, user: string, seconds: number): Promise<void> {
    const owner = await web().chat.signIn('alice');
    expect(await owner.ask({ action: 'mute', room, user, seconds })).toMatchObject({
      status: 'success',
    });
    await owner.close();
  }
});

const roomOf = async (page: { url(): string }) => new URL(page.url()).hash.slice(2);

/** Tries again at once, unless it has done so by itself in this moment. */
async function tryNow(page: Page): Promise<void> {
  const clicked = page.getByRole('button', { name: 'Try now' }).click();
  const online = page.getByText('You are offline.').waitFor({ state: 'detached' });
  await Promise.any([clicked, online]);
}
