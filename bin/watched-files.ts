import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

import type { WatchedFolder } from './watch-folder.ts';

/**
 * Which files of an app count when they are saved: as `cdk watch` has it, those of `watch.include` without those
 * of `watch.exclude`, packages, dot files and what is synthesized; a pattern that fits a folder fits all that is
 * in it. A save that changes nothing does not count, so that an app which writes files beside its sources
 * (`tsc`, say) does not set itself off for ever.
 */
export function watchedFiles(options: {
  readonly folder: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Folders that are left out, relative to `folder`. */
  readonly outputs: readonly string[];
}): WatchedFolder {
  const include = options.include.length === 0 ? ['**'] : options.include;
  const exclude = [...options.exclude, ...options.outputs, '**/.*', '**/node_modules'];
  const isChanged = createChanges(options.folder);
  return {
    directory: options.folder,
    enters: (folder) => !fits(folder, exclude),
    counts: (file) =>
      !exclude.some((pattern) => matchesGlob(file, pattern)) &&
      fits(file, include) &&
      isChanged(file),
  };
}

/** Whether the path, or a folder that it is in, fits one of the patterns. */
function fits(path: string, patterns: readonly string[]): boolean {
  const parts = path.split(/[/\\]/);
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return prefixes.some((prefix) => patterns.some((pattern) => matchesGlob(prefix, pattern)));
}

/** Whether a file holds something else than when it was last asked for. */
function createChanges(folder: string): (file: string) => boolean {
  const known = new Map<string, string>();
  return (file) => {
    const now = digest(join(folder, file));
    const isNew = known.get(file) !== now;
    known.set(file, now);
    return isNew;
  };
}

function digest(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('base64');
  } catch {
    return 'gone';
  }
}
