// Several tabs of one browser: of one person, who has one socket then, and of two people.
import { expect, test } from 'vitest';

import { arrived, composer, describeInBrowser, roomLink, say, texts } from '../support/web-chat.ts';

await describeInBrowser('tabs', (web) => {
  test('show the same, over one socket, and go on when the first one is closed', async () => {
    await web().addRoom('Twins');
    const first = await web().visit('alice', 'Twins');
    await first.getByRole('button', { name: 'Sign out' }).click();
    await first.getByLabel('Stay signed in on this device').check();
    await first.getByRole('button', { name: 'Sign in as alice' }).click();
    await composer(first).waitFor();
    const second = await first.context().newPage();
    await second.goto(first.url());
    await composer(second).waitFor();
    await say(first, 'From the first');
    await arrived(second, 'From the first');
    await first.close();
    await say(second, 'From the second');
    await arrived(second, 'From the second');
    expect(await texts(second)).toStrictEqual(['From the first', 'From the second']);
  });

  test('may be of two people', async () => {
    await web().addRoom('Couple');
    const alice = await web().visit('alice', 'Couple');
    const bob = await alice.context().newPage();
    await bob.goto(alice.url());
    await bob.getByRole('button', { name: 'Sign in as bob' }).click();
    await roomLink(bob, 'Couple').click();
    await say(bob, 'It is me, Bob');
    await arrived(alice, 'It is me, Bob');
    await say(alice, 'And me, Alice');
    await arrived(bob, 'And me, Alice');
    expect(await bob.locator('.user-name').innerText()).toBe('bob');
    expect(await alice.locator('.user-name').innerText()).toBe('alice');
  });
});
