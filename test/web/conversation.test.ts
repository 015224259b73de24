// Two people in two browsers, on one running chat: what one does, the other sees.
import { expect, test } from 'vitest';

import {
  arrived,
  choose,
  composer,
  describeInBrowser,
  message,
  roomLink,
  say,
  texts,
} from '../support/web-chat.ts';

await describeInBrowser('a conversation', (web) => {
  test('shows each what the other says, in one order', async () => {
    await web().addRoom('Talk');
    const alice = await web().visit('alice', 'Talk');
    const bob = await web().visit('bob', 'Talk');
    await say(alice, 'Hello Bob');
    await arrived(bob, 'Hello Bob');
    await say(bob, 'Hello Alice');
    await arrived(alice, 'Hello Alice');
    expect(await texts(alice)).toStrictEqual(['Hello Bob', 'Hello Alice']);
    expect(await texts(bob)).toStrictEqual(['Hello Bob', 'Hello Alice']);
  });

  test('shows an edit as edited, and a delete as a tombstone', async () => {
    await web().addRoom('Changes');
    const alice = await web().visit('alice', 'Changes');
    const bob = await web().visit('bob', 'Changes');
    await say(alice, 'Helo');
    await arrived(alice, 'Helo');
    await composer(alice).press('ArrowUp');
    await composer(alice).fill('Hello');
    await composer(alice).press('Enter');
    await bob.getByText('Hello (edited)').waitFor();
    await choose(alice, 'Hello (edited)', 'Delete…');
    await alice.getByRole('button', { name: 'Delete', exact: true }).click();
    await bob.getByText('This message was deleted.').waitFor();
    await alice.getByText('This message was deleted.').waitFor();
    expect(await alice.getByRole('dialog').count()).toBe(0);
  });

  test('counts a reaction, and takes it back', async () => {
    await web().addRoom('Reactions');
    const alice = await web().visit('alice', 'Reactions');
    const bob = await web().visit('bob', 'Reactions');
    await say(alice, 'Cake!');
    await arrived(bob, 'Cake!');
    await message(bob, 'Cake!').hover();
    await message(bob, 'Cake!').getByRole('button', { name: 'React' }).click();
    await bob.getByRole('button', { name: '🎉', exact: true }).click();
    const chip = message(alice, 'Cake!').getByRole('button', { name: '🎉 1: bob', exact: true });
    await chip.click();
    await message(bob, 'Cake!').getByRole('button', { name: '🎉 2: bob and alice' }).click();
    await message(alice, 'Cake!')
      .getByRole('button', { name: '🎉 1: alice', exact: true })
      .waitFor();
  });

  test('takes any emoji that is typed', async () => {
    await web().addRoom('Emoji');
    const alice = await web().visit('alice', 'Emoji');
    await say(alice, 'Fish?');
    await arrived(alice, 'Fish?');
    await message(alice, 'Fish?').hover();
    await message(alice, 'Fish?').getByRole('button', { name: 'React' }).click();
    await alice.getByLabel('Another emoji').fill('🐟');
    await alice.keyboard.press('Enter');
    await message(alice, 'Fish?').getByRole('button', { name: '🐟 1: alice' }).waitFor();
  });

  test('quotes what is answered', async () => {
    await web().addRoom('Answers');
    const alice = await web().visit('alice', 'Answers');
    const bob = await web().visit('bob', 'Answers');
    await say(alice, 'Tea or coffee?');
    await arrived(bob, 'Tea or coffee?');
    await choose(bob, 'Tea or coffee?', 'Reply');
    await say(bob, 'Tea');
    await message(alice, 'Tea')
      .getByRole('button', { name: 'In reply to alice Tea or coffee?' })
      .click();
    await expect.poll(() => focusedText(alice)).toContain('Tea or coffee?');
  });

  test('tells who is typing, until it is said', async () => {
    await web().addRoom('Typing');
    const alice = await web().visit('alice', 'Typing');
    const bob = await web().visit('bob', 'Typing');
    await composer(bob).pressSequentially('Hm');
    await alice.getByText('bob is typing…').waitFor();
    await composer(bob).press('Enter');
    await arrived(alice, 'Hm');
    await alice.getByText('bob is typing…').waitFor({ state: 'detached' });
  });

  test('pins a message for everybody, and leads to it', async () => {
    await web().addRoom('Pins');
    const alice = await web().visit('alice', 'Pins');
    const bob = await web().visit('bob', 'Pins');
    await say(alice, 'The address is 1 Main Street');
    await arrived(alice, 'The address is 1 Main Street');
    await choose(alice, 'The address is 1 Main Street', 'Pin');
    await bob.getByRole('button', { name: 'Pinned messages' }).click();
    await bob.getByRole('button', { name: /alice.*1 Main Street/ }).click();
    await expect.poll(() => focusedText(bob)).toContain('1 Main Street');
  });

  test('highlights a mention, which the composer offers', async () => {
    await web().addRoom('Mentions');
    const alice = await web().visit('alice', 'Mentions');
    const bob = await web().visit('bob', 'Mentions');
    await composer(alice).pressSequentially('Lunch, @b');
    await alice.getByRole('option', { name: 'bob' }).waitFor();
    await composer(alice).press('Enter');
    await composer(alice).press('Enter');
    await bob.locator('mark.mention.me', { hasText: '@bob' }).waitFor();
  });

  test('tells who has read it', async () => {
    await web().addRoom('Receipts');
    const alice = await web().visit('alice', 'Receipts');
    await say(alice, 'Anybody?');
    await arrived(alice, 'Anybody?');
    expect(await alice.getByText('Seen by').count()).toBe(0);
    await web().visit('bob', 'Receipts');
    await message(alice, 'Anybody?').getByText('Seen by bob').waitFor();
  });

  test('counts what is unread, marks mentions, and forgets both when it is read', async () => {
    await web().addRoom('Unread', ['alice', 'carol']);
    await web().addRoom('Elsewhere', ['carol']);
    const alice = await web().visit('alice', 'Unread');
    const carol = await web().visit('carol', 'Elsewhere');
    await say(alice, 'One');
    await say(alice, 'Two, @carol');
    const item = roomLink(carol, 'Unread');
    await item.getByLabel('2 unread messages').waitFor();
    await item.getByLabel('1 mention').waitFor();
    await expect.poll(() => carol.title()).toBe('(2) Elsewhere · Parley');
    await item.click();
    await carol.getByText('New messages').waitFor();
    await item.getByLabel(/unread/).waitFor({ state: 'detached' });
    await expect.poll(() => carol.title()).toBe('Unread · Parley');
    // The line stays where one began to read.
    expect(await carol.getByText('New messages').count()).toBe(1);
  });

  test('tells a screen reader what others say, and not what was there before', async () => {
    await web().addRoom('Aloud');
    const alice = await web().visit('alice', 'Aloud');
    await say(alice, 'Before');
    const bob = await web().visit('bob', 'Aloud');
    await arrived(bob, 'Before');
    await say(alice, 'After');
    await bob.locator('[role=status]', { hasText: 'alice: After' }).waitFor({ state: 'attached' });
    expect(await bob.locator('[role=status]', { hasText: 'Before' }).count()).toBe(0);
  });
});

const focusedText = (page: { evaluate<T>(run: () => T): Promise<T> }) =>
  page.evaluate(() => document.activeElement?.textContent ?? '');
