// Text that wants to be more than text: whatever somebody says, names a room, or reacts with, stays text.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { describeInBrowser } from '../support/web-chat.ts';

/** The classics; each would call `hacked` if it were more than text. */
const CORPUS = [
  '<script>hacked()</script>',
  '<img src=x onerror=hacked()>',
  '<svg onload=hacked()>',
  '<svg><animate onbegin=hacked() attributeName=x dur=1s>',
  '"><script>hacked()</script>',
  "'-hacked()-'",
  '<a href="javascript:hacked()">x</a>',
  'javascript:hacked()',
  'JaVaScRiPt:hacked()',
  'data:text/html,<script>hacked()</script>',
  'vbscript:hacked()',
  '<iframe srcdoc="<script>parent.hacked()</script>"></iframe>',
  '<math><mtext><table><mglyph><style><img src=x onerror=hacked()>',
  '<noscript><p title="</noscript><img src=x onerror=hacked()>">',
  '<details open ontoggle=hacked()>',
  '<style>@import "javascript:hacked()";</style>',
  '<base href="javascript:hacked()//">',
  '{{constructor.constructor("hacked()")()}}',
  '${hacked()}',
  '[x](javascript:hacked())',
  'https://example.com/"onmouseover="hacked()',
  'https://example.com/<img src=x onerror=hacked()>',
  'http://javascript:hacked()@example.com/',
  '&lt;script&gt;hacked()&lt;/script&gt;',
  '\u202Etxt.exe\u202C',
  '__proto__',
  'constructor',
] as const;

await describeInBrowser('hostile text', (web) => {
  test('renders as text, in messages, previews, quotes, reactions and names of rooms', async () => {
    const room = await web().addRoom('<img src=x onerror=hacked()>');
    const bob = await web().chat.signIn('bob');
    for (const [at, said] of CORPUS.entries()) {
      await bob.ask({ action: 'new_message', room, text: said, meta: { html: said } });
      await bob.ask({
        action: 'new_message',
        room,
        text: `Quoting ${at}`,
        reply_to: at * 2 + 1,
        mentions: ['alice'],
      });
    }
    for (const emoji of ['<img onerror=hacked()>', '__proto__', 'constructor']) {
      await bob.ask({ action: 'react', room, target: 1, emoji });
    }
    await bob.ask({ action: 'pin', room, target: 1 });
    await bob.close();
    await web().chat.settles();

    const alice = await web().open();
    const calls: string[] = [];
    await alice.exposeFunction('hacked', () => calls.push('hacked'));
    await alice.getByRole('button', { name: 'Sign in as alice' }).click();
    await alice.getByRole('link', { name: /<img src=x onerror=hacked\(\)>/ }).click();
    await alice.getByText(`Quoting ${CORPUS.length - 1}`, { exact: true }).waitFor();
    await loadAll(alice);

    const said = await alice.locator('li.message .text').allInnerTexts();
    for (const text of CORPUS) expect(said).toContain(text);
    await alice.getByRole('button', { name: 'Pinned messages' }).click();
    await alice.getByRole('dialog').getByText('<script>hacked()</script>').waitFor();
    expect(await strangeElements(alice)).toStrictEqual([]);
    expect(calls).toStrictEqual([]);
  });

  test('makes links of http and https only, which tell the other site nothing', async () => {
    const room = await web().addRoom('Links');
    const bob = await web().chat.signIn('bob');
    const text = [...CORPUS, '(see https://example.com/a_(b)).', 'HTTP://EXAMPLE.ORG', 'ftp://x'];
    await bob.ask({ action: 'new_message', room, text: text.join(' | ') });
    await bob.close();
    const alice = await web().visit('alice', 'Links');
    const links = alice.locator('.text a');
    await links.first().waitFor();
    const found = await links.evaluateAll((all) =>
      all.map((link) => {
        if (!(link instanceof HTMLAnchorElement)) throw new Error('What else is an a?');
        const { href, rel, target, protocol } = link;
        return { href, rel, target, isWeb: ['http:', 'https:'].includes(protocol) };
      }),
    );
    expect(found.map(({ href }) => href)).toContain('https://example.com/a_(b)');
    expect(found.map(({ href }) => href)).toContain('http://example.org/');
    for (const { isWeb, rel, target } of found) {
      expect({ isWeb, rel, target }).toStrictEqual({
        isWeb: true,
        rel: 'noopener noreferrer',
        target: '_blank',
      });
    }
  });

  test('would do nothing even as markup, which the policy of the page forbids', async () => {
    const page = await web().open({ meant: /Trusted|Content Security Policy/ });
    const outcomes = await page.evaluate(() => {
      const element = document.createElement('div');
      const attempts = {
        markup: () => {
          element.innerHTML = '<img src=x onerror="document.title = `hacked`">';
        },
        handler: () => element.setAttribute('onclick', 'document.title = "hacked"'),
        evaluation: () => Reflect.apply(setTimeout, window, ['document.title = "hacked"']),
        script: () => {
          document.createElement('script').src = 'https://example.com/x.js';
        },
      };
      return Object.entries(attempts).map(([name, attempt]) => {
        try {
          attempt();
          return `${name} went through`;
        } catch {
          return `${name} was refused`;
        }
      });
    });
    expect(outcomes).toStrictEqual([
      'markup was refused',
      'handler was refused',
      'evaluation was refused',
      'script was refused',
    ]);
    expect(await page.title()).toBe('Parley');
  });
});

/** Goes up until everything is there. */
async function loadAll(page: Page): Promise<void> {
  const start = page.getByText('This is where the conversation begins.');
  while ((await start.count()) === 0) {
    await page.locator('.viewport').evaluate((port) => {
      port.scrollTop = 0;
      return new Promise((drawn) => requestAnimationFrame(drawn));
    });
  }
}

/** Elements that no part of the page draws, and attributes that hold code. */
const strangeElements = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => {
        const isStrange = element.matches(
          'script, iframe, object, embed, base, math, style, animate, details, noscript *, img:not(.logo)',
        );
        const hasCode = element
          .getAttributeNames()
          .some((name) => name.startsWith('on') || name === 'srcdoc' || name === 'style');
        return isStrange || (hasCode && !element.matches('textarea'));
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),
  );
