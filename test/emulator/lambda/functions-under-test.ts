import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Activity, createActivity } from '../../../emulator/activity.ts';
import { type ManualClock, manualClock } from '../../../emulator/clock.ts';
import { createCredentialStore } from '../../../emulator/credentials.ts';
import {
  createLambda,
  type Lambda,
  type LambdaOptions,
} from '../../../emulator/lambda/functions.ts';
import { createMeter, type Meter } from '../../../emulator/meter/meter.ts';
import type { FunctionResource, PolicyStatement, Role } from '../../../emulator/model.ts';

export const region = 'eu-west-1';
export const account = '123456789012';

export function roleThat(...statements: Partial<PolicyStatement>[]): Role {
  return {
    arn: `arn:aws:iam::${account}:role/role-of-fn`,
    name: 'role-of-fn',
    managedPolicies: [],
    statements: statements.map((statement) => ({
      effect: 'Allow',
      actions: [],
      notActions: [],
      resources: [],
      notResources: [],
      conditions: {},
      ...statement,
    })),
  };
}

/** A function with AWS's defaults, whose code is nowhere. */
export function functionResource(changes: Partial<FunctionResource> = {}): FunctionResource {
  const name = changes.name ?? 'fn';
  return {
    logicalId: name,
    path: `Stack/${name}/Resource`,
    name,
    arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    codeDirectory: '/nowhere',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    architecture: 'x86_64',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    role: roleThat(),
    ...changes,
  };
}

/** Writes the files of a function into a directory of its own; the answer removes it. */
export function writeCode(files: Readonly<Record<string, string>>): {
  readonly directory: string;
  readonly remove: () => void;
} {
  const directory = mkdtempSync(path.join(tmpdir(), 'function-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

type Invocation = ReturnType<Lambda['invoke']>;

interface LambdaUnderTest extends AsyncDisposable {
  readonly fn: FunctionResource;
  readonly lambda: Lambda;
  readonly clock: ManualClock;
  readonly meter: Meter;
  readonly activity: Activity;
  /** What was logged: source, colon, line. */
  readonly lines: readonly string[];
  /** Invokes the function as one whom IAM has let in. */
  readonly invoke: (event?: unknown) => Invocation;
}

/**
 * One function with this code as `index.mjs` (or these files), on a Lambda of its own. Everything it
 * needs is real but the clock.
 */
export function lambdaWith(
  code: string | Readonly<Record<string, string>>,
  changes: Partial<FunctionResource> = {},
  options: Partial<LambdaOptions> = {},
): LambdaUnderTest {
  const { directory, remove } = writeCode(typeof code === 'string' ? { 'index.mjs': code } : code);
  const fn = functionResource({ codeDirectory: directory, ...changes });
  const lines: string[] = [];
  const [clock, meter, activity] = [manualClock(), createMeter(), createActivity()];
  const lambda = createLambda({
    functions: [fn],
    permissions: [],
    credentials: createCredentialStore(),
    endpoints: { base: 'http://127.0.0.1:9' },
    region,
    account,
    clock,
    meter,
    activity,
    log: (source, line) => lines.push(`${source}: ${line}`),
    ...options,
  });
  return {
    fn,
    lambda,
    clock,
    meter,
    activity,
    lines,
    invoke: (event = {}) => lambda.invoke(fn.arn, event, { kind: 'authorized' }),
    async [Symbol.asyncDispose]() {
      await lambda.close();
      remove();
    },
  };
}

/** What the handler returned; throws with the failure if it did not. */
export async function payloadOf(invocation: Invocation): Promise<unknown> {
  const result = await invocation;
  if (result.outcome === 'returned') return result.payload;
  throw new Error(`not returned: ${JSON.stringify(result)}`);
}
