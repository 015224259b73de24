// A long room: read from any place, in any direction, without anything jumping.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { arrived, composer, describeInBrowser, say } from '../support/web-chat.ts';

/** More than are loaded at once, in any way. */
const LONG = 260;

await describeInBrowser('a long room', (web) => {
  test('opens at the newest message, and goes back to the first one without a jump', async () => {
    await fill('Scroll', LONG);
    const alice = await web().visit('alice', 'Scroll');
    await text(alice, LONG).waitFor();
    expect(await isInView(alice, LONG)).toBe(true);
    const jumps = await watchJumps(alice);
    while ((await text(alice, 1).count()) === 0) await wheel(alice, -900);
    await alice.getByText('This is where the conversation begins.').waitFor();
    expect(await jumps()).toStrictEqual([]);
  });

  test('keeps the place of who reads further up, and offers the way back with a count', async () => {
    const room = await fill('Up', 60);
    const alice = await web().visit('alice', 'Up');
    await text(alice, 60).waitFor();
    await wheel(alice, -700);
    await alice.getByRole('button', { name: 'Jump to latest' }).waitFor();
    const jumps = await watchJumps(alice);
    await speak(room, ['Late one', 'Late two']);
    await alice.getByRole('button', { name: 'Jump to latest, 2 new messages' }).waitFor();
    expect(await jumps()).toStrictEqual([]);
    await alice.getByRole('button', { name: 'Jump to latest, 2 new messages' }).click();
    await alice.getByText('Late two', { exact: true }).waitFor();
    await alice.getByRole('button', { name: /Jump to latest/ }).waitFor({ state: 'detached' });
  });

  test('stays at the end while somebody speaks, and goes there when one speaks oneself', async () => {
    const room = await fill('End', 60);
    const alice = await web().visit('alice', 'End');
    await text(alice, 60).waitFor();
    await speak(room, ['And one more']);
    await alice.getByText('And one more', { exact: true }).waitFor();
    await expect.poll(() => distanceFromEnd(alice)).toBeLessThan(2);
    await wheel(alice, -700);
    await alice.getByRole('button', { name: 'Jump to latest' }).waitFor();
    await say(alice, 'Mine');
    await arrived(alice, 'Mine');
    await expect.poll(() => distanceFromEnd(alice)).toBeLessThan(2);
  });

  test('opens where the unread ones begin', async () => {
    const room = await fill('Unread', 30);
    await speak(
      room,
      Array.from({ length: 40 }, (_, at) => `News ${at + 1}`),
    );
    const alice = await web().visit('alice', 'Unread');
    await alice.getByText('New messages', { exact: true }).waitFor();
    await expect.poll(() => alice.locator('.unread-line').evaluate(isVisible)).toBe(true);
    expect(await alice.getByText('News 40', { exact: true }).evaluate(isVisible)).toBe(false);
  });

  test('goes to a quoted message that is not loaded, and back to the newest', async () => {
    const room = await fill('Quote', LONG);
    const bob = await web().chat.signIn('bob');
    await bob.ask({ action: 'new_message', room, text: 'As I said', reply_to: 1 });
    await bob.close();
    await web().chat.settles();
    const alice = await web().visit('alice', 'Quote');
    await alice.getByRole('button', { name: /^In reply to/ }).click();
    await expect.poll(() => isInView(alice, 1)).toBe(true);
    await alice.getByRole('button', { name: /Jump to latest/ }).click();
    await alice.getByText('As I said', { exact: true }).waitFor();
    await expect.poll(() => distanceFromEnd(alice)).toBeLessThan(2);
  });

  test('reads on from the middle to the newest without a jump', async () => {
    const room = await fill('Down', LONG);
    const bob = await web().chat.signIn('bob');
    await bob.ask({ action: 'new_message', room, text: 'As I said', reply_to: 1 });
    await bob.close();
    await web().chat.settles();
    const alice = await web().visit('alice', 'Down');
    await alice.getByRole('button', { name: /^In reply to/ }).click();
    await expect.poll(() => isInView(alice, 1)).toBe(true);
    const jumps = await watchJumps(alice);
    const newest = alice.getByText('As I said', { exact: true });
    while ((await newest.count()) === 0) await wheel(alice, 900);
    expect(await jumps()).toStrictEqual([]);
  });

  test('keeps the box to write in where it is, however much is written', async () => {
    await fill('Box', 30);
    const alice = await web().visit('alice', 'Box');
    await text(alice, 30).waitFor();
    await composer(alice).fill('One\nTwo\nThree\nFour\nFive');
    await expect.poll(() => distanceFromEnd(alice)).toBeLessThan(2);
    const box = await composer(alice).boundingBox();
    expect(box?.height).toBeGreaterThan(100);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(720);
  });

  /** A room in which bob said "Message 1", "Message 2", …, and which alice has read. */
  async function fill(name: string, count: number): Promise<string> {
    const room = await web().addRoom(name);
    const alice = await web().chat.signIn('alice');
    await speak(
      room,
      Array.from({ length: count }, (_, at) => `Message ${at + 1}`),
    );
    await alice.ask({ action: 'mark_read', room, seq: count });
    await alice.close();
    return room;
  }

  async function speak(room: string, said: readonly string[]): Promise<void> {
    // A connection may send 200 frames at once.
    for (let at = 0; at < said.length; at += 150) {
      const bob = await web().chat.signIn('bob', ['ack']);
      for (const each of said.slice(at, at + 150)) {
        await bob.ask({ action: 'new_message', room, text: each });
      }
      await bob.close();
    }
    await web().chat.settles();
  }
});

const text = (page: Page, number: number) => page.getByText(`Message ${number}`, { exact: true });

const isVisible = (element: Element): boolean => {
  const port = document.querySelector('.viewport')?.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  return port !== undefined && top >= port.top && bottom <= port.bottom;
};

const isInView = async (page: Page, number: number) =>
  (await text(page, number).count()) === 1 && (await text(page, number).evaluate(isVisible));

const distanceFromEnd = (page: Page) =>
  page
    .locator('.viewport')
    .evaluate((port) => port.scrollHeight - port.scrollTop - port.clientHeight);

/** Scrolls as a wheel does, until the next frame is drawn. */
async function wheel(page: Page, pixels: number): Promise<void> {
  await page.locator('.viewport').evaluate((port, by) => {
    port.scrollTop += by;
    port.dispatchEvent(new CustomEvent('wheeled'));
    return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, pixels);
}

/**
 * Watches, frame by frame, a row in the middle of what is seen: it may move when somebody scrolls, and
 * never else. Answers a function that tells by how many pixels it did.
 */
async function watchJumps(page: Page): Promise<() => Promise<readonly number[]>> {
  const jumps = await page.locator('.viewport').evaluateHandle((port) => {
    const seen: number[] = [];
    let watched: { readonly row: Element; readonly top: number } | undefined;
    const topOf = (row: Element) => row.getBoundingClientRect().top;
    const watch = () => {
      const rows = [...port.querySelectorAll('li.message')];
      const row = rows.find((each) => topOf(each) > topOf(port) + 200);
      watched = row === undefined ? undefined : { row, top: topOf(row) };
    };
    const frame = () => {
      const moved = watched?.row.isConnected ? topOf(watched.row) - watched.top : 0;
      if (Math.abs(moved) > 1) seen.push(moved);
      watch();
      requestAnimationFrame(frame);
    };
    port.addEventListener('wheeled', watch);
    frame();
    return seen;
  });
  return () => jumps.jsonValue();
}
