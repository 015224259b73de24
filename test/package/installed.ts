import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The package as `npm pack` makes it, unpacked into an empty folder. No network is asked: what it depends
 * on is linked from the repository, by the names that the packed `package.json` itself gives; what it
 * forgot to name is not there.
 */
export interface Installed {
  readonly directory: string;
  /** Writes a file of somebody's project. */
  write(name: string, text: string): void;
  /** Runs a command in the folder; its standard output. */
  run(command: string, ...words: readonly string[]): string;
  /** The package's own command. */
  readonly command: string;
  remove(): void;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A command that hangs is ended before the test is. */
const COMMAND_MS = 100_000;

interface Manifest {
  readonly dependencies: object;
  readonly optionalDependencies: object;
  readonly peerDependencies: object;
  readonly bin: { readonly parley: string };
}

/** `more`: what a project would install beside it. */
export function installPackage(more: readonly string[]): Installed {
  const directory = mkdtempSync(join(tmpdir(), 'parley-package-'));
  const run: Installed['run'] = (command, ...words) =>
    execFileSync(command, words, { cwd: directory, encoding: 'utf8', timeout: COMMAND_MS });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', directory], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const { filename } = Object.values(
    JSON.parse(packed.slice(packed.search(/[[{]/))) as Record<string, { filename: string }>,
  )[0] ?? { filename: '' };
  const parley = join(directory, 'node_modules/parley');
  mkdirSync(parley, { recursive: true });
  run('tar', 'xzf', filename, '--strip-components', '1', '-C', parley);
  const manifest = JSON.parse(readFileSync(join(parley, 'package.json'), 'utf8')) as Manifest;
  const named = [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.optionalDependencies),
    ...Object.keys(manifest.peerDependencies),
  ];
  for (const name of [...named, ...more]) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  return {
    directory,
    run,
    write: (name, text) => writeFileSync(join(directory, name), text),
    command: join(parley, manifest.bin.parley),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
