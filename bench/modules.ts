import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { VARIABLES } from '../lambdas/environment.ts';
import { bundleFunctions } from '../lib/bundle.ts';
import { ENTRIES } from '../lib/chat.ts';
import { atMost, type Figure, median } from './figure.ts';

/**
 * How large each function is and how long its module takes to load, in fresh processes on Lambda's
 * Node: what a cold start adds to the runtime's own.
 */
const RUNS = 15;

/** Milliseconds. `$connect` and the broadcaster start most often, and while somebody waits. */
const BARS: Readonly<Record<string, number>> = { connect: 25, broadcast: 25 };
const BAR_MS = 55;

const LOAD =
  'const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t);';

export async function modules(): Promise<readonly Figure[]> {
  const maps = join(tmpdir(), `parley-bench-maps-${process.pid}`);
  const bundles = bundleFunctions(ENTRIES, maps);
  const env = {
    ...Object.fromEntries(Object.values(VARIABLES).map((name) => [name, '1'])),
    [VARIABLES.callbackUrl]: 'https://example.com/prod',
    [VARIABLES.deadLetters]: 'https://example.com/queue',
  };
  try {
    return ENTRIES.map((entry) => {
      const file = join(bundles.directory(entry), 'index.mjs');
      const code = readFileSync(file);
      const load = () =>
        Number(execFileSync(process.execPath, ['--input-type=module', '-e', LOAD, file], { env }));
      const times = Array.from({ length: RUNS }, load);
      const size = `${(code.length / 1_024).toFixed(1)} KB, ${(gzipSync(code).length / 1_024).toFixed(1)} KB gzipped`;
      return atMost(`${entry} (${size}): module load`, median(times), BARS[entry] ?? BAR_MS, 'ms');
    });
  } finally {
    bundles.dispose();
    rmSync(maps, { recursive: true, force: true });
  }
}
