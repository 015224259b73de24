import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

/*
 * Goal: docs/emulator.md promises no fact of AWS that no test shows, and no test shows one in secret.
 * Method: the tables' IDs and grades against those in the titles of all tests of the emulator.
 */

const ROOT = new URL('../../', import.meta.url).pathname;
const FOLDERS = ['test/emulator', 'test/contract'];

const row = /^\| (?<id>[a-z]\d+) \| (?<grade>\w+) \|/gm;
const numbered = /['"`]\[(?<grade>DOC|REC) (?<id>[^\]]*)\]/g;
const lettered = /['"`]\[(?<grade>SRC|EXP|ISSUE|INF|UNV)\b(?<id>[^\]]*)\]/g;

async function sources(): Promise<string> {
  const texts: string[] = [];
  for (const folder of FOLDERS) {
    for (const file of await readdir(join(ROOT, folder), { recursive: true })) {
      if (file.endsWith('.ts')) texts.push(await readFile(join(ROOT, folder, file), 'utf8'));
    }
  }
  return texts.join('\n');
}

const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(({ groups }) => `${groups?.['grade']} ${groups?.['id']}`);
const ordered = (titles: readonly string[]) => [...new Set(titles)].toSorted();

const doc = await readFile(join(ROOT, 'docs/emulator.md'), 'utf8');
const table = found(doc, row);

test('every fact of the tables is in the title of a test, and every such title in the tables', async () => {
  expect(ordered(found(await sources(), numbered))).toEqual(ordered(table));
});

test('no ID stands for two facts', () => {
  const ids = table.map((entry) => entry.split(' ')[1]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what rests on less is named by the letter of a section that is there', async () => {
  const letters = new Set(Array.from(doc.matchAll(/\*\*([a-z])\. /g), ([, letter]) => letter));
  const titles = found(await sources(), lettered);
  expect(titles.filter((title) => !letters.has(title.split(' ').at(-1)))).toEqual([]);
});
