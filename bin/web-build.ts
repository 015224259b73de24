/**
 * Builds the web chat, once for the sources as they are: the same sources again are found in a cache, so
 * that a warm start does not even load the bundler.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the page is made of, dependencies included. */
const SOURCES = ['web', 'client', 'protocol', 'package-lock.json'];

const CACHE = join(ROOT, 'node_modules/.cache/parley-web');

/** Builds that are kept beside the newest one: somebody may still be serving them. */
const OLD_MAX_COUNT = 4;

/** The directory of the built page. */
export async function buildWeb(): Promise<string> {
  const directory = join(CACHE, hashOf(SOURCES));
  if (existsSync(directory)) return directory;
  const unfinished = `${directory}-${process.pid}`;
  const { build } = await import('vite');
  await build({
    configFile: join(ROOT, 'web/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: unfinished, emptyOutDir: true },
  });
  forgetOld();
  finish(unfinished, directory);
  return directory;
}

/** All at once, so that nobody ever finds half of it; whoever builds the same at the same time may be first. */
function finish(unfinished: string, directory: string): void {
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
    rmSync(unfinished, { recursive: true });
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesIn))
    hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(path: string): readonly string[] {
  if (path.includes('.')) return [path];
  return readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .toSorted();
}

function forgetOld(): void {
  mkdirSync(CACHE, { recursive: true });
  const newestFirst = readdirSync(CACHE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.includes('-'))
    .map(({ name }) => ({ name, time: statSync(join(CACHE, name)).mtimeMs }))
    .toSorted((a, b) => b.time - a.time);
  for (const { name } of newestFirst.slice(OLD_MAX_COUNT)) {
    rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}
