import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** Below this file, and compiled where this one is. */
const SCRIPT = new URL(`browser/page-script${extname(import.meta.url)}`, import.meta.url);

/** The page's script as a browser takes it; made when somebody opens the page for the first time. */
export async function bundlePageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(SCRIPT)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}
