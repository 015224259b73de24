import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as esbuild from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { type Bundles, bundleFunctions } from '../../lib/bundle.ts';
import { ENTRIES as DEPLOYED } from '../../lib/chat.ts';

vi.mock('esbuild', { spy: true });

const ENTRIES = readdirSync(new URL('../../lambdas/', import.meta.url))
  .filter((file) => file.endsWith('.ts') && file !== 'environment.ts')
  .map((file) => file.replace('.ts', ''));

const LARGEST_KB = 42;

const maps = join(mkdtempSync(join(tmpdir(), 'parley-maps-')), 'maps');
let bundles: Bundles;
let calls = 0;
beforeAll(() => {
  bundles = bundleFunctions(ENTRIES, maps);
  calls = vi.mocked(esbuild.buildSync).mock.calls.length;
});
afterAll(() => {
  bundles.dispose();
  rmSync(join(maps, '..'), { recursive: true });
});

const code = (entry: string) => join(bundles.directory(entry), 'index.mjs');
const source = (entry: string) => readFileSync(code(entry), 'utf8');

test('bundles all functions in one call of esbuild', () => {
  expect(calls).toBe(1);
});

test('every file of a function is deployed', () => {
  expect(ENTRIES.toSorted()).toEqual(DEPLOYED.toSorted());
});

describe.each(ENTRIES)('the bundle of %s', (entry) => {
  test('is one file, without its map', () => {
    expect(readdirSync(bundles.directory(entry))).toEqual(['index.mjs']);
    expect(source(entry)).not.toContain('sourceMappingURL');
  });

  test(`is smaller than ${LARGEST_KB} KB`, () => {
    expect(statSync(code(entry)).size).toBeLessThan(LARGEST_KB * 1_024);
  });

  test('is an ES module, which imports nothing but Node and exports its handler', () => {
    const imported = [...source(entry).matchAll(/\bimport\b(?:[\w$*{},\s]+from)?\s*"([^"]+)"/g)];
    for (const [, name = ''] of imported) expect(name).toMatch(/^node:/);
    if (entry !== 'default') expect(imported).not.toEqual([]);
    expect(source(entry)).toMatch(/export\{[^}]*\bas handler\b/);
    expect(source(entry)).not.toMatch(/\brequire\(|module\.exports/);
  });

  test('holds no SDK: our files and the schema library alone', () => {
    const map = readFileSync(join(maps, `${entry}.mjs.map`), 'utf8');
    const { sources } = JSON.parse(map) as { sources: string[] };
    const packages = sources.flatMap(
      (path) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[1] ?? [],
    );
    expect(packages.filter((name) => name !== 'valibot')).toEqual([]);
    expect(sources.join()).not.toContain('@aws-sdk');
    expect(sources.some((path) => path.endsWith(`lambdas/${entry}.ts`))).toBe(true);
  });
});

test('maps hold places, not our sources', () => {
  expect(readdirSync(maps).toSorted()).toEqual(
    ENTRIES.map((entry) => `${entry}.mjs.map`).toSorted(),
  );
  const map = readFileSync(join(maps, 'broadcast.mjs.map'), 'utf8');
  expect(JSON.parse(map)).not.toHaveProperty('sourcesContent');
});

test('a bundle runs: $default refuses what is no JSON', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const { handler } = (await import(pathToFileURL(code('default')).href)) as {
    readonly handler: (event: object) => Promise<{ body: string }>;
  };
  const requestContext = { connectionId: 'c', routeKey: '$default' };
  const { body } = await handler({ requestContext, body: 'hello' });
  expect(JSON.parse(body)).toMatchObject({ code: 'invalid_json' });
});

test('the directories are gone when they are disposed of', () => {
  const other = bundleFunctions(['default'], maps);
  expect(existsSync(other.directory('default'))).toBe(true);
  other.dispose();
  expect(existsSync(other.directory('default'))).toBe(false);
  expect(existsSync(bundles.directory('default'))).toBe(true);
});
