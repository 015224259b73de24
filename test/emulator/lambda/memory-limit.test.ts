import { expect, test } from 'vitest';

import { lambdaWith, payloadOf } from './functions-under-test.ts';

test('leaves alone a function that makes much garbage and keeps little', async () => {
  await using it = lambdaWith(
    `export const handler = async () => {
       let kept = [];
       for (let i = 0; i < 300; i++) kept = Array.from({ length: 20_000 }, (_, k) => ({ i, k }));
       return kept.length;
     };`,
    { timeoutSeconds: 60 },
  );
  expect(await payloadOf(it.invoke())).toBe(20_000);
});

test('ends a function that keeps more than its memory, at init too', async () => {
  const hoard = 'const all = []; for (;;) all.push(Array.from({ length: 1_000 }, () => ({})));';
  await using it = lambdaWith(`${hoard} export const handler = async () => 1;`);
  expect(await it.invoke()).toMatchObject({ errorType: 'Runtime.OutOfMemory', timedOut: false });
});

test('takes more memory for what it is', async () => {
  await using it = lambdaWith(
    `export const handler = async () => {
       const kept = Array.from({ length: 2_500_000 }, (_, i) => ({ i, j: i + 0.5 }));
       await new Promise((resolve) => setTimeout(resolve, 300));
       return kept.length;
     };`,
    { timeoutSeconds: 60, memoryMb: 1_024 },
  );
  expect(await payloadOf(it.invoke())).toBe(2_500_000);
});
