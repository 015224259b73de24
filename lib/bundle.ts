import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

/**
 * Bundles all functions in one call of esbuild, as minified ESM. `mainFields` prefers the ESM builds
 * of the libraries, a third smaller. Source maps go to a folder of their own, not into the assets: a
 * function need not load them, and an operator who wants readable stacks has them beside the assembly.
 */
export interface Bundles {
  /** The directory of one function's code, its handler being `index.handler`. */
  directory(entry: string): string;
  /** Removes the directories; CDK has taken its copies by then. */
  dispose(): void;
}

/** Of the sources, which in the package are compiled as this file is. */
const EXTENSION = extname(import.meta.url);

const LAMBDAS = fileURLToPath(new URL('../lambdas/', import.meta.url));

/** Bundles the file of each entry under `lambdas/`; maps go to `mapsDirectory`. */
export function bundleFunctions(entries: readonly string[], mapsDirectory: string): Bundles {
  const root = mkdtempSync(join(tmpdir(), 'parley-functions-'));
  const { outputFiles } = buildSync({
    entryPoints: entries.map((entry) => ({
      in: join(LAMBDAS, `${entry}${EXTENSION}`),
      out: join(entry, 'index'),
    })),
    outdir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    write: false,
  });
  mkdirSync(mapsDirectory, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const directory = dirname(path);
    if (path.endsWith('.map')) {
      writeFileSync(join(mapsDirectory, `${basename(directory)}.mjs.map`), contents);
    } else {
      mkdirSync(directory, { recursive: true });
      writeFileSync(path, contents);
    }
  }
  return {
    directory: (entry) => join(root, entry),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
