import { realpathSync, rmSync, readdirSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { AssemblyError } from './assembly-files.ts';

/**
 * The assembly of a CDK `App` that a cloud runs. An app that was not told where to put it has it in a new
 * temporary directory, which nobody else removes: it goes with the last cloud that runs it. Such an app
 * cannot be started once more then, since the CDK copies what assets hold only when they are declared.
 */
export interface Synthesized {
  readonly directory: string;
  close(): void;
}

/** What of the CDK's `App` is used. */
export interface SynthesizableApp {
  synth(): { readonly directory: string };
}

/** The directories that the CDK makes by itself. */
const OF_CDK = /^cdk\.out[A-Za-z0-9]{6}$/;

/** Every cloud that runs an assembly of a temporary directory puts a file of its own there. */
const HOLDER = /^parley-cloud-/;

export function synthesized(app: SynthesizableApp): Synthesized {
  const { directory } = app.synth();
  const temporary =
    OF_CDK.test(basename(directory)) && dirname(directory) === realpathSync(tmpdir());
  if (!temporary) return { directory, close: () => {} };
  const holder = join(directory, `parley-cloud-${randomUUID()}`);
  hold(holder);
  return {
    directory,
    close() {
      rmSync(holder, { force: true });
      if (isHeld(directory)) return;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function hold(holder: string): void {
  try {
    writeFileSync(holder, '');
  } catch (cause) {
    throw new AssemblyError(
      'the assembly of this App was temporary, and went with the cloud that ran it: ' +
        'make another App, or give it an `outdir`',
      { cause },
    );
  }
}

/** False, too, when somebody else was quicker to remove it. */
function isHeld(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => HOLDER.test(name));
  } catch {
    return false;
  }
}
