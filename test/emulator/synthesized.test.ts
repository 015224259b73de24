import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { expect, onTestFinished, test } from 'vitest';

import { startCloud } from '../../emulator/index.ts';
import { scratchDirectory } from '../support/templates.ts';

/*
 * Goal: clouds in tests leave nothing behind, and remove nothing that is not theirs. Method: apps with and
 * without a directory of their own, and what is on the disk after the end.
 */

function shop(outdir?: string): App {
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  new Table(new Stack(app, 'Shop'), 'Orders', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
  });
  return app;
}

test("the CDK's temporary directory goes when the cloud closes", async () => {
  const app = shop();
  const { directory } = app.synth();
  const cloud = await startCloud({ app });
  expect(existsSync(directory)).toBe(true);
  await cloud.close();
  expect(existsSync(directory)).toBe(false);
});

test('it stays as long as another cloud runs the same app', async () => {
  const app = shop();
  const { directory } = app.synth();
  const [one, two] = [await startCloud({ app }), await startCloud({ app })];
  await one.close();
  expect(existsSync(join(directory, 'manifest.json'))).toBe(true);
  await two.close();
  expect(existsSync(directory)).toBe(false);
});

test('an app whose assembly has gone is told what to do', async () => {
  const app = shop();
  await (await startCloud({ app })).close();
  await expect(startCloud({ app })).rejects.toThrow('make another App, or give it an `outdir`');
});

test('a directory that the app names stays, and starts again', async () => {
  const outdir = scratchDirectory();
  const app = shop(outdir);
  await (await startCloud({ app })).close();
  const again = await startCloud({ app });
  onTestFinished(() => again.close());
  expect(again.model.tables).toHaveLength(1);
  expect(existsSync(join(outdir, 'manifest.json'))).toBe(true);
});

test('a start that fails leaves none behind', async () => {
  const app = shop();
  const { directory } = app.synth();
  const faults = { rules: [{ fault: 'no-such-fault' }] } as never;
  await expect(startCloud({ app, faults })).rejects.toThrow();
  expect(existsSync(directory)).toBe(false);
});
