import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { createAppCommand } from './app-command.ts';
import { readCdkJson } from './cdk-json.ts';
import type { WatchedFolder } from './watch-folder.ts';
import { watchedFiles } from './watched-files.ts';

/** A CDK app to be run: an assembly that lies somewhere, or a command that makes one. */
export interface CdkApp {
  /** The directory of the assembly; a command runs for it, anew each time. */
  synthesize(): Promise<string>;
  readonly watched: WatchedFolder;
  /** Ends a command that runs, and removes what it made. */
  close(): void;
}

/**
 * The app of a project as the CDK's own command finds it: `--app`, or `app` of the folder's `cdk.json`. A directory
 * is an assembly, anything else is a command. Undefined when nobody names one.
 */
export function findCdkApp(options: {
  readonly app: string | undefined;
  /** Goes before that of `cdk.json`. */
  readonly context: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Folders, beside the app's own output, whose files never count as saved. */
  readonly outputs: readonly string[];
  /** Hears what a command that ended well has printed. */
  readonly print: (text: string) => void;
}): CdkApp | undefined {
  const { folder, print } = options;
  const project = readCdkJson(folder);
  const app = options.app ?? project.app;
  if (app === undefined) return undefined;
  if (isDirectory(resolve(folder, app))) return assemblyIn(resolve(folder, app));

  const outdir = mkdtempSync(join(tmpdir(), 'parley-assembly-'));
  const commands = project.build === undefined ? [app] : [project.build, app];
  const context = { ...project.context, ...options.context };
  const command = createAppCommand({ commands, folder, outdir, context, print });
  const outputs = [project.output, ...options.outputs].map((path) => within(folder, path));
  return {
    async synthesize() {
      await command.run();
      return outdir;
    },
    watched: watchedFiles({ folder, ...project.watch, outputs }),
    close() {
      command.close();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}

const assemblyIn = (directory: string): CdkApp => ({
  synthesize: async () => directory,
  watched: {
    directory,
    enters: () => false,
    // The CDK writes it last.
    counts: (file) => file === 'manifest.json',
  },
  close: () => {},
});

const isDirectory = (path: string) => existsSync(path) && statSync(path).isDirectory();

const within = (folder: string, path: string) => relative(folder, resolve(folder, path));
