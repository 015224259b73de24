/**
 * The chat with a bug: a copy of its assembly whose functions are bundled anew from sources in which some
 * text stands in place of other. That it is bundled as the stack does it is not believed but seen: without
 * any bug, every bundle must be the code of one of the assembly's assets, to the byte.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

export interface SourceChange {
  /** Under `lambdas/`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

const LAMBDAS = fileURLToPath(new URL('../../../lambdas/', import.meta.url));

/** Copies an assembly into `directory` and puts the bug into it. */
export async function mutateAssembly(
  assembly: string,
  directory: string,
  changes: readonly SourceChange[],
): Promise<void> {
  cpSync(assembly, directory, { recursive: true });
  const [sound, mutated] = await Promise.all([bundles([]), bundles(changes)]);
  const files = new Map(assetFiles(directory).map((file) => [readFileSync(file, 'utf8'), file]));
  let changed = 0;
  for (const [entry, code] of sound) {
    const file = files.get(code);
    const other = mutated.get(entry);
    if (file === undefined || other === undefined || other === code) continue;
    writeFileSync(file, other);
    changed += 1;
  }
  if (changed === 0) throw new Error('No function of the assembly has changed');
}

const assetFiles = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'index.mjs')
    .map((path) => join(directory, path));

/** The code of every function by its name, as `lib/bundle.ts` makes it. */
async function bundles(changes: readonly SourceChange[]): Promise<ReadonlyMap<string, string>> {
  const entries = readdirSync(LAMBDAS).filter((file) => file.endsWith('.ts'));
  const { outputFiles } = await build({
    entryPoints: entries.map((file) => ({
      in: join(LAMBDAS, file),
      out: join(basename(file, '.ts'), 'index'),
    })),
    outdir: '/functions',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    sourcemap: 'external',
    legalComments: 'none',
    write: false,
    plugins: [
      {
        name: 'bug',
        setup(bundling) {
          for (const { file } of changes) {
            const filter = new RegExp(`/lambdas/${file.replaceAll('.', '\\.')}$`);
            bundling.onLoad({ filter }, ({ path }) => ({
              contents: mutate(path, changes),
              loader: 'ts',
            }));
          }
        },
      },
    ],
  });
  const codes = outputFiles.filter(({ path }) => path.endsWith('.mjs'));
  return new Map(codes.map(({ path, text }) => [basename(dirname(path)), text]));
}

function mutate(path: string, changes: readonly SourceChange[]): string {
  let source = readFileSync(path, 'utf8');
  for (const { file, from, to } of changes) {
    if (!path.endsWith(`/${file}`)) continue;
    if (source.split(from).length !== 2) throw new Error(`${file} has not once: ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}
