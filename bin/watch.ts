import { type FSWatcher, watch } from 'node:fs';

import type { Cloud } from '../emulator/index.ts';

/** Milliseconds without another change after which a save is over: one touches several files. */
const QUIET_MS = 200;

/**
 * Follows files: when one below these directories was saved, the functions of the cloud take up their new
 * code. A save that cannot be synthesized is said in a line, and the old code goes on.
 */
export function watchSources(options: {
  readonly cloud: Pick<Cloud, 'update'>;
  readonly directories: readonly string[];
  /** Whether a change of this file counts; default: of every file. */
  readonly counts?: (file: string) => boolean;
  /** Makes an assembly of what is there now; answers its directory. */
  readonly synthesize: () => string;
  readonly say: (line: string) => void;
}): { close(): void } {
  const { cloud, directories, counts = () => true, synthesize, say } = options;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  const takeUp = async () => {
    const { code, restart } = await cloud.update(synthesize());
    if (code.length > 0) say(`new code: ${code.map(({ path }) => path).join(', ')}`);
    for (const line of restart) say(`${line}: restart to take it up`);
  };
  const changed = (_: string, file: string | null) => {
    if (file !== null && !counts(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(takeUp).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        say(`the old code goes on: ${why.split('\n', 1)[0]}`);
      });
    }, QUIET_MS);
  };
  const watchers: FSWatcher[] = directories.map((directory) =>
    watch(directory, { recursive: true }, changed),
  );
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
