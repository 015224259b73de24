// The page under `/_parley` as people use it, in a real browser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';

import { realClock } from '../../../emulator/index.ts';
import { startBrowser } from '../../support/browser.ts';
import { WANTED } from '../../support/browser-line.ts';
import { type SmallCloud, startSmallCloud } from '../faults/small-cloud.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await startBrowser();

async function visit(cloud: SmallCloud, colorScheme: 'light' | 'dark'): Promise<Page> {
  if (browser === undefined) throw new Error('There is no browser');
  const context = await browser.newContext({ colorScheme });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.soft(error.stack).toBeUndefined());
  page.on('console', (message) => {
    if (message.type() === 'error') expect.soft(message.text()).toBeUndefined();
  });
  await page.goto(`${cloud.url}/_parley`);
  await page.getByText('USD so far').waitFor();
  return page;
}

/** A cloud in which something of everything has happened. */
async function busyCloud(): Promise<SmallCloud> {
  const cloud = await startSmallCloud({
    clock: realClock(20),
    faults: {
      rules: [{ fault: 'function-crash', where: { resource: '*Follow*' }, when: { first: 4 } }],
    },
  });
  await cloud.put('<b>lost</b>');
  await cloud.settled();
  return cloud;
}

describe.skipIf(browser === undefined)(`the page (${WANTED})`, { timeout: 60_000 }, () => {
  test.for(['light', 'dark'] as const)('has no violations, %s', async (scheme) => {
    const cloud = await busyCloud();
    await (await cloud.open()).run(['now']);
    const page = await visit(cloud, scheme);
    // The page's own policy lets no script in but its own.
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
      return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
    });
    expect(violations).toEqual([]);
  });

  test('shows a connection as it comes, and cuts it', async () => {
    const cloud = await busyCloud();
    const page = await visit(cloud, 'light');
    const client = await cloud.open();
    await page.getByRole('button', { name: `Cut ${client.connectionId}` }).click();
    expect(await client.closed).toBe(1006);
    await page.getByRole('status').getByText('is cut off').waitFor();
    await page.locator('#frames').getByText('close').first().waitFor();
  });

  test('redrives a dead letter by a key, and says what came of it', async () => {
    const cloud = await busyCloud();
    const page = await visit(cloud, 'light');
    await page.getByRole('button', { name: /^Redrive/ }).press('Enter');
    await page.getByRole('status').getByText('1 records went through.').waitFor();
    expect(cloud.batches()).toEqual([['<b>lost</b>=<b>lost</b>']]);
    await page.locator('#invocations').getByText('<b>lost</b>').first().waitFor();
  });
});
