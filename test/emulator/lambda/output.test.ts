import { describe, expect, test } from 'vitest';

import { lineLengthLimit, lineLimit } from '../../../emulator/lambda/output.ts';
import { lambdaWith } from './functions-under-test.ts';

async function printed(body: string): Promise<string[]> {
  await using it = lambdaWith(`export const handler = async () => { ${body} };`);
  const { requestId } = await it.invoke();
  return it.lines.map((line) => line.replace(requestId, 'ID'));
}

describe('what a function prints', () => {
  test('is logged with the request id, in order', async () => {
    expect(
      await printed(`
        console.log('a %s', { b: 1 });
        process.stderr.write('c\\n');
        console.error('d\\ne');
        await new Promise((resolve) => process.stdout.write(Buffer.from('f'), resolve));
        process.stdout.write('g');
      `),
    ).toEqual(['fn: ID a { b: 1 }', 'fn: ID c', 'fn: ID d', 'fn: ID e', 'fn: ID fg']);
  });

  test('is logged when it is printed at init, and right before an exit or a throw', async () => {
    await using it = lambdaWith(`
      console.log('at init');
      export const handler = async ({ exit }) => {
        process.stdout.write('last words');
        if (exit) process.exit(1);
        throw new Error('x');
      };
    `);
    const thrown = await it.invoke({});
    const exited = await it.invoke({ exit: true });
    expect(it.lines.filter((line) => /words|init/.test(line))).toEqual([
      'fn: init at init',
      `fn: ${thrown.requestId} last words`,
      `fn: ${exited.requestId} last words`,
    ]);
  });

  test('is cut by the line and by the invocation, and says so once', async () => {
    const long = await printed(`
      console.log('x'.repeat(${lineLengthLimit}));
      console.log('y'.repeat(${lineLengthLimit + 5}));
      process.stdout.write('z'.repeat(${lineLengthLimit}));
      process.stdout.write('z'.repeat(${lineLengthLimit}));
    `);
    expect(long).toEqual([
      `fn: ID ${'x'.repeat(lineLengthLimit)}`,
      `fn: ID ${'y'.repeat(lineLengthLimit)}`,
      `fn: ID [cut: a line of more than ${lineLengthLimit} characters]`,
      `fn: ID ${'z'.repeat(lineLengthLimit)}`,
    ]);
    const many = await printed(`for (let i = 0; i < ${lineLimit + 100}; i++) console.log(i);`);
    expect(many.slice(-2)).toEqual([
      `fn: ID ${lineLimit - 1}`,
      `fn: ID [cut: more than ${lineLimit} lines in one invocation]`,
    ]);
  });

  test('counts anew in the next invocation', async () => {
    await using it = lambdaWith(
      `export const handler = async () => { for (let i = 0; i < ${lineLimit}; i++) console.log(i); };`,
    );
    await it.invoke();
    await it.invoke();
    expect(it.lines).toHaveLength(2 * lineLimit);
  });
});
