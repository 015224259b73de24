import { expect, test } from 'vitest';

import { CERTAIN_MS, createLiveness } from '../../../lambdas/core/liveness.ts';

const NOW = 10 * CERTAIN_MS;

function livenessOf(gone: readonly string[]) {
  const asked: string[] = [];
  let time = NOW;
  const liveness = createLiveness({
    now: () => time,
    api: {
      isGone(connection) {
        asked.push(connection);
        return Promise.resolve(gone.includes(connection));
      },
    },
  });
  return { asked, liveness, pass: (ms: number) => (time += ms) };
}

const occupant = (connection: string, since = 0) => ({ connection, user: 'ann', since });

test('asks for connections that came long ago, and answers those that are no more', async () => {
  const { asked, liveness } = livenessOf(['b']);
  const [old, gone, fresh] = [occupant('a'), occupant('b'), occupant('c', NOW - CERTAIN_MS)];
  expect(await liveness([old, gone, fresh])).toEqual([gone]);
  expect(asked).toEqual(['a', 'b']);
});

test('asks again only when what it was answered is old as well', async () => {
  const { asked, liveness, pass } = livenessOf([]);
  await liveness([occupant('a')]);
  pass(CERTAIN_MS);
  await liveness([occupant('a')]);
  expect(asked).toEqual(['a']);
  pass(1);
  await liveness([occupant('a')]);
  expect(asked).toEqual(['a', 'a']);
});

test('asks for no more than a hundred at a time', async () => {
  const { asked, liveness } = livenessOf([]);
  const many = Array.from({ length: 150 }, (_, index) => occupant(`c${index}`));
  await liveness(many);
  expect(asked).toHaveLength(100);
  await liveness(many);
  expect(asked).toHaveLength(150);
});
