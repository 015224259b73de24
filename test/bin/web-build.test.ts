import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { buildWeb } from '../../bin/web-build.ts';

/** Of everything that a first visit loads: page, scripts of all languages, styles. */
const FIRST_LOAD_MAX_BYTES = 100 * 1_024;

test('loads in at most 100 KB, compressed', async () => {
  const directory = await buildWeb();
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(3);
  const sizes = files.map((file) => gzipSync(readFileSync(file)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_MAX_BYTES);
});

test('has nothing inline, and nothing from elsewhere', async () => {
  const page = readFileSync(join(await buildWeb(), 'index.html'), 'utf8');
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src="\.\/)|\son\w+=|https?:\/\//);
});

test('builds the same sources once', async () => {
  const directory = await buildWeb();
  const built = statSync(directory).mtimeMs;
  expect(await buildWeb()).toBe(directory);
  expect(statSync(directory).mtimeMs).toBe(built);
});
