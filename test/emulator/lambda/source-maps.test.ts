import { transform } from 'esbuild';
import { expect, test } from 'vitest';

import { lambdaWith } from './functions-under-test.ts';

/*
 * Goal: stacks name the sources where people ask Node for it, as CDK's NodejsFunction does on request.
 * Method: a function bundled by esbuild whose third line of TypeScript throws.
 */

const SOURCE = `type Order = { readonly id: string };
export const handler = async (order: Order) => {
  throw new TypeError('no such order: ' + order.id);
};
`;

const bundled = async (sourcemap: 'inline' | 'external') => {
  const { code, map } = await transform(SOURCE, {
    loader: 'ts',
    sourcefile: 'orders/find-order.ts',
    minify: true,
    sourcemap,
  });
  return sourcemap === 'inline'
    ? { 'index.mjs': code }
    : { 'index.mjs': `${code}//# sourceMappingURL=index.mjs.map\n`, 'index.mjs.map': map };
};

const asked = { environment: { NODE_OPTIONS: '--enable-source-maps' } };

test.each(['inline', 'external'] as const)('a stack shows sources by an %s map', async (kind) => {
  await using it = lambdaWith(await bundled(kind), asked);
  const result = await it.invoke({ id: '7' });
  expect(result).toMatchObject({ errorType: 'TypeError' });
  expect(result).toHaveProperty('trace.1', expect.stringMatching(/orders\/find-order\.ts:3:9\)?$/));
  expect(it.lines).toContainEqual(expect.stringContaining('orders/find-order.ts:3:9'));
});

test('a stack shows the bundle where nobody asks for sources', async () => {
  await using it = lambdaWith(await bundled('inline'));
  const result = await it.invoke({ id: '7' });
  expect(result).toHaveProperty('trace.1', expect.stringContaining('index.mjs:1:'));
});
