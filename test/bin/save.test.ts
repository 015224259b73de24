import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, onTestFinished, test, vi } from 'vitest';

import { watchSources } from '../../bin/watch.ts';
import { scratchDirectory } from '../support/templates.ts';

/*
 * Goal: saves and runs do not trip over one another. Method: real files, and runs that end when the test says so; the
 * clock stands still between saves, and moves by hand.
 */

afterEach(() => void vi.useRealTimers());

/** More than the quiet after which a save is over. */
const LATER_MS = 1_000;

/** Something that happens again and again, and can be waited for. */
function happenings<Value>() {
  const seen: Value[] = [];
  const waiting: ((value: Value) => void)[] = [];
  return {
    happened(value: Value) {
      const hears = waiting.shift();
      if (hears === undefined) seen.push(value);
      else hears(value);
    },
    async next(): Promise<Value> {
      const value = seen.shift();
      return value ?? new Promise((resolve) => waiting.push(resolve));
    },
  };
}

function watched() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const directory = scratchDirectory();
  const saves = happenings<string>();
  const runs = happenings<PromiseWithResolvers<string>>();
  const lines = happenings<string>();
  let begun = 0;
  const watching = watchSources({
    cloud: {
      update: async () => ({ code: [], restart: ['table Items is new'] }),
    },
    folders: [{ directory, counts: (file) => (saves.happened(file), true) }],
    synthesize: () => {
      begun += 1;
      const run = Promise.withResolvers<string>();
      runs.happened(run);
      return run.promise;
    },
    say: (line) => lines.happened(line),
  });
  onTestFinished(() => watching.close());
  return {
    runs,
    lines,
    begun: () => begun,
    save: async (name: string) => {
      writeFileSync(join(directory, name), name);
      while ((await saves.next()) !== name);
      vi.advanceTimersByTime(LATER_MS);
    },
  };
}

test('however many saves fall into a run, exactly one more follows', async () => {
  const { save, runs, lines, begun } = watched();
  await save('one');
  const first = await runs.next();
  for (const name of ['two', 'three', 'four']) await save(name);
  expect(begun()).toBe(1);
  first.resolve('');
  await lines.next();
  vi.advanceTimersByTime(LATER_MS);
  const second = await runs.next();
  second.resolve('');
  await lines.next();
  vi.advanceTimersByTime(LATER_MS);
  expect(begun()).toBe(2);
});

test('a run that fails is one line, and the next save runs again', async () => {
  const { save, runs, lines } = watched();
  await save('one');
  (await runs.next()).reject(new Error('no such thing\nat somewhere'));
  expect(await lines.next()).toBe('the old code goes on: no such thing');
  await save('two');
  (await runs.next()).resolve('');
  expect(await lines.next()).toContain('table Items is new');
});
