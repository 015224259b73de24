import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, inject, onTestFinished, test } from 'vitest';

import { realClock } from '../../emulator/clock.ts';
import { authorize } from '../../emulator/iam/authorize.ts';
import { type Grant, grantName, without } from '../../emulator/iam/grants.ts';
import { matchesPattern } from '../../emulator/iam/pattern.ts';
import { startCloud } from '../../emulator/index.ts';
import { startChat } from '../support/chat.ts';
import { scratchDirectory } from '../support/templates.ts';
import { createStage, LARGE_ROOM, SCENES } from '../support/whole-chat.ts';

/** Some three hundred refusals, each with the frame that is sent again. */
const RUN_MS = 300_000;

/*
 * Goal: the stack gives every right that it needs, and none besides. Method: the whole chat is played,
 * and each grant without which nothing of it would have been refused is there in vain. Then it is
 * played on a stack that has lost every grant: each refusal must name one, gets that one back and no
 * other, and the one who asked asks again, until all are back.
 */
test('no grant of the stack is there in vain: without any one of them a call of the chat is refused', async () => {
  const chat = await startChat({}, { largeRoom: LARGE_ROOM });
  const { iam, model } = chat.cloud;
  for (const scene of SCENES) {
    const stage = createStage(chat);
    await scene.play(stage);
    await stage.leave();
    await chat.settles();
  }
  expect(iam.unused().map(grantName)).toEqual([]);

  const checks = iam.checks();
  expect(checks.filter(({ allowed }) => !allowed)).toEqual([]);
  for (const grant of iam.grants()) {
    if (grant.kind !== 'action') continue;
    const refused = model.functions
      .filter(({ role }) => role.name === grant.role)
      .flatMap(({ name, role }) => {
        const principal = {
          kind: 'role',
          role: without(role, [grant]),
          functionName: name,
        } as const;
        return checks
          .filter(({ kind, functionName }) => kind === 'call' && functionName === name)
          .map(({ action, resource }) => authorize(principal, action, resource));
      })
      .flatMap((verdict) => (verdict.allowed ? [] : [verdict]));
    expect(refused, grantName(grant)).not.toEqual([]);
    for (const { message, hint } of refused) {
      expect(message).toContain(`is not authorized to perform: ${grant.action} on resource: `);
      expect(hint).toMatch(/^\w+\.grant\w*\(fn/);
    }
  }
});

test(
  'a stack that lost every grant is refused each of them by name, and works when it has all back',
  async () => {
    const lost = new Map<string, { readonly grant: Grant; readonly giveBack: () => void }>();
    let count = 0;
    const wake: (() => void)[] = [];
    const hear = (line: string) => {
      const named = [...lost].find(([, { grant }]) => isNamed(grant, line));
      if (named === undefined) return;
      lost.delete(named[0]);
      named[1].giveBack();
      count += 1;
      for (const each of wake.splice(0)) each();
    };
    const chat = await startChat(
      {
        // So fast that a stream that was refused is tried again within moments.
        clock: realClock(20),
        log: (_source, line) => hear(line),
      },
      { largeRoom: LARGE_ROOM },
    );
    const { iam } = chat.cloud;
    // To list streams is asked for when a mapping is made, and never again.
    const all = iam.grants().filter((grant) => !isTo(grant, 'dynamodb:ListStreams'));
    for (const grant of all) lost.set(grantName(grant), { grant, giveBack: iam.withdraw(grant) });

    const next = () => new Promise<void>((resolve) => void wake.push(resolve));
    for (const scene of SCENES) {
      let before: number;
      do {
        before = count;
        const stage = createStage(chat, { count: () => count, next });
        await scene.play(stage);
        await stage.leave();
        await chat.settles();
      } while (count > before);
    }
    // A stream is described every ten seconds.
    while ([...lost.values()].some(({ grant }) => isTo(grant, 'dynamodb:DescribeStream')))
      await next();
    expect([...lost.keys()]).toEqual([]);
    expect(count).toBe(all.length);
    expect(count).toBeGreaterThan(250);
  },
  RUN_MS,
);

test('without the right to list streams no mapping is made', async () => {
  const assembly = scratchDirectory();
  cpSync(inject('assembly'), assembly, { recursive: true });
  const file = join(assembly, 'Parley.template.json');
  const template = readFileSync(file, 'utf8');
  expect(template).toContain('"dynamodb:ListStreams"');
  writeFileSync(file, template.replaceAll('"dynamodb:ListStreams"', '"dynamodb:ListTables"'));
  const cloud = await startCloud({ assembly });
  onTestFinished(() => cloud.close());
  const states = [...cloud.mappings.values()].map((mapping) => mapping.state());
  expect(states).toHaveLength(4);
  for (const { status, problem } of states) {
    expect(status).toBe('off');
    expect(problem).toMatch(
      /Cannot access stream .*ListStreams.*; missing: table\.grantStreamRead/,
    );
  }
});

/** Does a line of the log say that just this grant is missing? */
function isNamed(grant: Grant, line: string): boolean {
  if (grant.kind === 'permission') {
    const { permission } = grant;
    const [, source = ''] = / invoke it from (\S+); missing: fn\.addPermission\(/.exec(line) ?? [];
    return source !== '' && matchesPattern(permission.sourceArn ?? '*', source);
  }
  const [, role, action, resource = ''] = REFUSAL.exec(line) ?? [];
  const same = role === grant.role && action === grant.action;
  return same && matchesPattern(grant.resource, resource);
}

const REFUSAL =
  /assumed-role\/([^/]+)\/\S+ is not authorized to perform: (\S+) on resource: (\S+) because .*; missing: \w+\.grant\w*\(fn/;

const isTo = (grant: Grant, action: string) => grant.kind === 'action' && grant.action === action;
