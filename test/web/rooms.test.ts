// Rooms and the people in them: made, found, entered, looked after and left, from the page alone.
import { expect, test } from 'vitest';

import {
  arrived,
  composer,
  describeInBrowser,
  message,
  roomLink,
  say,
} from '../support/web-chat.ts';

await describeInBrowser('rooms', (web) => {
  test('makes a public room, which others find and join', async () => {
    const alice = await web().visit('alice');
    await alice.getByRole('button', { name: 'Create or join' }).click();
    await alice.getByRole('menuitem', { name: 'New room…' }).click();
    await alice.getByLabel('Name', { exact: true }).fill('Gardening');
    await alice.getByLabel('Public: everybody may join').check();
    await alice.getByRole('button', { name: 'Create', exact: true }).click();
    await alice.getByRole('heading', { name: 'Gardening' }).waitFor();
    await web().chat.settles();

    const carol = await web().visit('carol');
    await carol.getByRole('button', { name: 'Create or join' }).click();
    await carol.getByRole('menuitem', { name: 'Browse public rooms…' }).click();
    await carol.getByRole('button', { name: 'Join Gardening' }).click();
    await alice.getByText('carol joined').waitFor();
    await say(carol, 'Tomatoes!');
    await arrived(alice, 'Tomatoes!');
  });

  test('joins a public room by its address', async () => {
    const room = await web().addOwnedRoom('Open door', [], 'public');
    const bob = await web().visit('bob');
    await bob.goto(`${bob.url().split('#')[0]}#/${room}`);
    await bob.getByRole('button', { name: 'Join this room' }).click();
    await composer(bob).waitFor();
  });

  test('says of a foreign room that it is one', async () => {
    const room = await web().addOwnedRoom('Closed door', []);
    const bob = await web().visit('bob');
    await bob.goto(`${bob.url().split('#')[0]}#/${room}`);
    await bob.getByRole('button', { name: 'Join this room' }).click();
    await bob
      .getByRole('alert')
      .getByText('This room does not exist, or you are not in it.')
      .waitFor();
  });

  test('invites somebody, and says in place when nobody has the name', async () => {
    await web().addOwnedRoom('Choir', []);
    const alice = await web().visit('alice', 'Choir');
    const carol = await web().visit('carol');
    await alice.getByRole('button', { name: 'Members' }).click();
    await alice.getByRole('button', { name: 'Invite…' }).click();
    await alice.getByLabel('Username').fill('nobody');
    await alice.getByRole('button', { name: 'Invite', exact: true }).click();
    await alice.getByRole('dialog').getByText('There is nobody of this name.').waitFor();
    await alice.getByLabel('Username').fill('carol');
    await alice.getByRole('button', { name: 'Invite', exact: true }).click();
    await alice.getByText('carol is in.').waitFor();
    await roomLink(carol, 'Choir').waitFor();
    await alice.getByRole('button', { name: 'Close', exact: true }).click();
    await alice.locator('.member', { hasText: 'carol' }).waitFor();
  });

  test('opens a direct room, which shows whether the other one is there', async () => {
    const alice = await web().visit('alice');
    await alice.getByRole('button', { name: 'Create or join' }).click();
    await alice.getByRole('menuitem', { name: 'Direct message…' }).click();
    await alice.getByLabel('Username').fill('carol');
    await alice.getByRole('button', { name: 'Open', exact: true }).click();
    const header = alice.locator('.room-header');
    await header.getByRole('heading', { name: 'carol' }).waitFor();
    await say(alice, 'Only for you');
    const carol = await web().visit('carol', 'alice');
    await arrived(carol, 'Only for you');
    await header.getByText('Online').waitFor();
    await carol.context().close();
    await header.getByText(/Last seen/).waitFor();
  });

  test('gives a role, mutes, and lets in again whom it has banned', async () => {
    await web().addOwnedRoom('Club', ['bob', 'carol']);
    const alice = await web().visit('alice', 'Club');
    const bob = await web().visit('bob', 'Club');
    const carol = await web().visit('carol', 'Club');
    await alice.getByRole('button', { name: 'Members' }).click();
    const act = async (user: string, action: string) => {
      await alice.locator('.member', { hasText: user }).click();
      await alice.getByRole('menuitem', { name: action, exact: true }).click();
    };

    await act('bob', 'Make read-only');
    await bob.getByText('You may read here, not write.').waitFor();
    await alice.getByText('alice gave bob the role Read-only').waitFor();

    await act('carol', 'Mute…');
    await alice.getByRole('button', { name: 'Mute', exact: true }).click();
    await alice.getByRole('dialog').waitFor({ state: 'detached' });
    await say(carol, 'But…');
    await message(carol, 'But…').getByText('You are muted in this room.').waitFor();

    await act('bob', 'Ban…');
    await alice.getByRole('button', { name: 'Ban', exact: true }).click();
    await alice.getByText('alice banned bob').waitFor();
    await bob.getByText('This room does not exist, or you are not in it.').waitFor();

    await alice.getByRole('button', { name: 'Room settings' }).click();
    await alice.getByLabel(/Lift a ban/).fill('bob');
    await alice.getByRole('button', { name: 'Lift', exact: true }).click();
    await alice.getByText('Done.').waitFor();
  });

  test('renames a room for everybody', async () => {
    await web().addOwnedRoom('Old name', ['bob']);
    const alice = await web().visit('alice', 'Old name');
    const bob = await web().visit('bob', 'Old name');
    await alice.getByRole('button', { name: 'Room settings' }).click();
    await alice.getByLabel('Name', { exact: true }).fill('New name');
    await alice.getByRole('button', { name: 'Rename' }).click();
    await bob.getByText('alice named the room “New name”').waitFor();
    await roomLink(bob, 'New name').waitFor();
    await bob.getByRole('heading', { name: 'New name' }).waitFor();
  });

  test('leaves a room, and says why the last owner may not', async () => {
    await web().addOwnedRoom('Party', ['bob']);
    const alice = await web().visit('alice', 'Party');
    const bob = await web().visit('bob', 'Party');
    const leave = async (page: typeof alice) => {
      await page.getByRole('button', { name: 'Room settings' }).click();
      await page.getByRole('button', { name: 'Leave this room…' }).click();
      await page.getByRole('button', { name: 'Leave', exact: true }).click();
    };
    await leave(alice);
    await alice.getByRole('dialog').getByText('You are the last owner.').waitFor();
    await leave(bob);
    await bob.getByText('Choose a room to begin.').waitFor();
    expect(await roomLink(bob, 'Party').count()).toBe(0);
    await alice.getByText('bob left').waitFor();
  });

  test('finds a room by a part of its name, whatever the accents', async () => {
    await web().addRoom('Café');
    await web().addRoom('Kitchen');
    const bob = await web().visit('bob');
    await roomLink(bob, 'Kitchen').waitFor();
    await bob.getByLabel('Search rooms').fill('cafe');
    await roomLink(bob, 'Kitchen').waitFor({ state: 'detached' });
    expect(await roomLink(bob, 'Café').count()).toBe(1);
    await bob.getByLabel('Search rooms').fill('nothing like it');
    await bob.getByText('No room of this name.').waitFor();
  });
});
