import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App } from 'aws-cdk-lib';
import { onTestFinished } from 'vitest';

import { readAssembly } from '../../emulator/template/assembly.ts';
import type { Assembly } from '../../emulator/template/assembly.ts';
import type { CloudModel } from '../../emulator/model.ts';
import { readModel } from '../../emulator/template/template.ts';
import type { ModelOptions } from '../../emulator/template/template.ts';

/** A directory of its own for the test that asks, gone when the test is over. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes files, given by their paths, under `directory`; what is not text is written as JSON. */
export function writeFiles(directory: string, files: Readonly<Record<string, unknown>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A directory with the code of a function that does nothing. */
export function emptyFunction(): string {
  const directory = scratchDirectory();
  writeFiles(directory, {
    'index.mjs': 'export const handler = async () => ({ statusCode: 200 });',
  });
  return directory;
}

/** What the CDK makes of an app, on the disk, as `cdk synth` would leave it. */
export function synthesize(
  build: (app: App) => void,
  context: Readonly<Record<string, unknown>> = {},
): string {
  const outdir = scratchDirectory();
  const app = new App({
    outdir,
    context,
    // The checks that the CDK makes on templates take a second, and are not what is tested here.
    builtinCloudFormationValidation: false,
  });
  build(app);
  app.synth();
  return outdir;
}

/** The model of an app. */
export function modelOf(build: (app: App) => void, options: ModelOptions = {}): CloudModel {
  return readModel(readAssembly(synthesize(build)), options);
}

/** The model of one hand-written template, of a stack named `Hand`. */
export function modelOfTemplate(
  template: Readonly<Record<string, unknown>>,
  options: ModelOptions = {},
): CloudModel {
  return readModel(handWritten({ Hand: template }), options);
}

/** The assembly of hand-written templates, by stack name. */
export function handWritten(templates: Readonly<Record<string, unknown>>): Assembly {
  const directory = scratchDirectory();
  const artifacts = Object.keys(templates).map((name) => [
    name,
    { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } },
  ]);
  writeFiles(directory, {
    'manifest.json': { version: '55.0.0', artifacts: Object.fromEntries(artifacts) },
    ...Object.fromEntries(
      Object.entries(templates).map(([name, template]) => [`${name}.template.json`, template]),
    ),
  });
  return readAssembly(directory);
}
