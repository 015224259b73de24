import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** Beside this file, and compiled where this one is. */
const RUNTIME = new URL(`runtime${extname(import.meta.url)}`, import.meta.url);

/**
 * The runtime of the sandboxes as one JavaScript module, a `data:` URL that any number of threads can
 * start from: a thread that strips the types of `runtime.ts` itself needs some 25 ms more to start.
 */
export async function bundleRuntime(): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(RUNTIME)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // What stack traces call it, in place of the whole URL.
    footer: { js: '//# sourceURL=lambda-runtime' },
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild made no bundle of the Lambda runtime');
  return new URL(`data:text/javascript,${encodeURIComponent(bundle.text)}`);
}
