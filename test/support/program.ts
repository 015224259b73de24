import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A command of the project, run as a process of its own on the Node that runs the tests. */
export interface Program {
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  stdout(): string;
  stderr(): string;
  /** The first whole line of standard output. */
  firstLine(): Promise<string>;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

export function run(script: string, ...parameters: string[]): Program {
  return watch(spawn(process.execPath, [script, ...parameters], { cwd: ROOT }));
}

/** The same in another folder, as if the command had been installed there. */
export function runIn(folder: string, script: string, ...parameters: string[]): Program {
  return watch(spawn(process.execPath, [join(ROOT, script), ...parameters], { cwd: folder }));
}

/** Runs an npm script, as a person does. */
export function runNpm(...words: string[]): Program {
  return watch(spawn('npm', words, { cwd: ROOT }));
}

function watch(child: ChildProcessWithoutNullStreams): Program {
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const exited = once(child, 'close').then(([code]: unknown[]) => code as number | null);
  return {
    process: child,
    exited,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async firstLine() {
      const ended = exited.then((code) => {
        throw new Error(`It ended with ${code} before a line came: ${written.stderr}`);
      });
      while (!written.stdout.includes('\n'))
        await Promise.race([once(child.stdout, 'data'), ended]);
      ended.catch(() => {});
      return written.stdout.slice(0, written.stdout.indexOf('\n'));
    },
  };
}

/** Runs a command to its end. */
export async function runToEnd(
  script: string,
  ...parameters: string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const program = run(script, ...parameters);
  const code = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}
