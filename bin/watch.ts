import type { Cloud } from '../emulator/index.ts';
import { type WatchedFolder, watchFolder } from './watch-folder.ts';

/** Milliseconds without another change after which a save is over: one touches several files. */
const QUIET_MS = 200;

/**
 * Follows files: when one was saved, the functions of the cloud take up their new code. A save that cannot be
 * synthesized is said in a line, and the old code goes on. However many saves fall into a run, one more follows.
 */
export function watchSources(options: {
  readonly cloud: Pick<Cloud, 'update'>;
  readonly folders: readonly WatchedFolder[];
  /** Makes an assembly of what is there now; answers its directory. */
  readonly synthesize: () => Promise<string>;
  readonly say: (line: string) => void;
}): { close(): void } {
  const { cloud, folders, synthesize, say } = options;
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isChanged = false;
  let isClosed = false;

  const takeUp = async () => {
    const { code, restart } = await cloud.update(await synthesize());
    if (code.length > 0) say(`new code: ${code.map(({ path }) => path).join(', ')}`);
    for (const line of restart) say(`${line}: restart to take it up`);
  };
  const run = async () => {
    isRunning = true;
    isChanged = false;
    try {
      await takeUp();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!isClosed) say(`the old code goes on: ${why.split('\n', 1)[0]}`);
    }
    isRunning = false;
    if (isChanged) schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => void run(), QUIET_MS);
  };
  const changed = () => {
    isChanged = true;
    if (!isRunning) schedule();
  };
  const watchers = folders.map((folder) => watchFolder(folder, changed));
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
