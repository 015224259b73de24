import { type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Follows the files of a folder and of the folders in it, as they come and go. Folders that do not count are
 * not entered: following all of `node_modules` takes a second and thousands of the system's watches.
 */
export interface WatchedFolder {
  readonly directory: string;
  /** Whether a folder in it, by its relative path, is followed; default: all are. */
  readonly enters?: (folder: string) => boolean;
  /** Whether a file, by its relative path, counts; default: all do. */
  readonly counts?: (file: string) => boolean;
}

export function watchFolder(
  { directory, enters = () => true, counts = () => true }: WatchedFolder,
  changed: () => void,
): { close(): void } {
  const watchers = new Map<string, FSWatcher>();

  const touch = (path: string) => {
    if (isFolder(join(directory, path))) followNew(path);
    else if (counts(path)) changed();
  };
  /** `found` is told what is in it. */
  const follow = (folder: string, found: (path: string) => void) => {
    if (folder !== '' && !enters(folder)) return;
    watchers.get(folder)?.close();
    const watcher = watch(join(directory, folder), (_, name) => {
      if (name !== null) touch(join(folder, name));
    });
    // A folder that is gone; its own folder tells, too.
    watcher.on('error', () => watcher.close());
    watchers.set(folder, watcher);
    for (const name of readdirSync(join(directory, folder))) found(join(folder, name));
  };
  /** A folder may be gone before it is followed, as those of builds often are. */
  const followNew = (path: string) => {
    try {
      follow(path, touch);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  };
  const enter = (path: string) => {
    if (isFolder(join(directory, path))) follow(path, enter);
  };
  follow('', enter);
  return {
    close() {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** Links are not followed: they may lead in a circle. */
const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
