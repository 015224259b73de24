import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { extname } from 'node:path';

import { AssemblyError, DEFAULT_ACCOUNT, DEFAULT_REGION } from '../emulator/index.ts';

/**
 * A CDK app as a command, run as the CDK's own command runs it: in a shell, told by its environment where the
 * assembly goes, its context, and for which account and region to synthesize. Not copied: the account of
 * somebody's credentials, which nothing here asks for, and a context too large for an environment variable.
 */
export interface AppCommand {
  /** Resolves when it ended well; else an `AppFailed`. */
  run(): Promise<void>;
  /** Ends what runs. */
  close(): void;
}

/** A command that did not end well; the message is one line. */
export class AppFailed extends AssemblyError {
  /** All that it printed. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

export function createAppCommand(options: {
  /** One after the other. */
  readonly commands: readonly string[];
  readonly folder: string;
  readonly outdir: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Hears what a command that ended well has printed. */
  readonly print: (text: string) => void;
}): AppCommand {
  let child: ChildProcess | undefined;
  const env = environmentOf(options.outdir, options.context);
  const runOne = (command: string) =>
    new Promise<void>((resolve, reject) => {
      let output = '';
      const started = spawn(executable(command), {
        cwd: options.folder,
        env,
        shell: true,
        // A group of its own, which ends as a whole: the shell, and whatever it has started.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      }
      started.once('error', (error) => reject(new AppFailed(error.message, output)));
      started.once('close', (code, signal) => {
        child = undefined;
        if (code !== 0) return reject(failure(command, code ?? String(signal), output));
        options.print(output);
        resolve();
      });
    });
  return {
    async run() {
      for (const command of options.commands) await runOne(command);
    },
    close() {
      if (child?.pid !== undefined) endGroup(child.pid);
    },
  };
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid);
  } catch {
    // It has ended by itself.
  }
}

function environmentOf(outdir: string, context: object): NodeJS.ProcessEnv {
  const { env } = process;
  return {
    // Some seconds of checks by AWS's own rules: `cdk synth` makes them.
    CDK_VALIDATION: 'false',
    CDK_DEFAULT_ACCOUNT: DEFAULT_ACCOUNT,
    CDK_DEFAULT_REGION: env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? DEFAULT_REGION,
    ...env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...context,
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:bundling-stacks': ['**'],
    }),
  };
}

/** A file of JavaScript that cannot be run by itself is run by Node, as the CDK does. */
function executable(command: string): string {
  const found = statSync(command, { throwIfNoEntry: false });
  const runs = ((found?.mode ?? 0) & 0o111) !== 0;
  return extname(command) === '.js' && found !== undefined && !runs
    ? `"${process.execPath}" "${command}"`
    : command;
}

/** The exit codes of a shell that found no such command, or nothing that it could run. */
const NO_COMMAND = new Set<number | string>([126, 127]);

function failure(command: string, code: number | string, output: string): AppFailed {
  const why = `\`${command}\` ended with ${code}${telling(output)}`;
  return NO_COMMAND.has(code)
    ? new AppFailed(`there is no cloud assembly in ${command}, and as a command ${why}`, output)
    : new AppFailed(why, output);
}

/** The line that names the error, or else the last one. */
function telling(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.find((each) => /^\s*(?:\w*Error\b|.*\berror TS\d+)/.test(each)) ?? lines.at(-1);
  return line === undefined ? '' : `: ${line.trim()}`;
}
