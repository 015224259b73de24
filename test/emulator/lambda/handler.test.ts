import { describe, expect, test } from 'vitest';

import { lambdaWith, payloadOf } from './functions-under-test.ts';

const esm = 'import os from "node:os"; export const handler = async () => typeof os.EOL;';
const cjs = 'const os = require("os"); exports.handler = async () => typeof os.EOL;';
const typeModule = '{ "type": "module" }';

describe('loadHandler', () => {
  test.each<[string, string, Record<string, string>]>([
    ['an .mjs', 'index.handler', { 'index.mjs': esm }],
    ['a .cjs', 'index.handler', { 'index.cjs': cjs, 'package.json': typeModule }],
    ['a .js of CommonJS', 'index.handler', { 'index.js': cjs }],
    ['a .js of "type": "module"', 'index.handler', { 'index.js': esm, 'package.json': typeModule }],
    ['a .js of no declared type in ESM', 'index.handler', { 'index.js': esm }],
    ['a file in a directory', 'src/index.handler', { 'src/index.mjs': esm }],
    [
      'the package.json nearest to it',
      'src/index.handler',
      { 'src/index.js': esm, 'src/package.json': typeModule, 'package.json': '{}' },
    ],
    [
      'a nested export',
      'index.routes.send.run',
      { 'index.mjs': 'export const routes = { send: { run: async () => "string" } };' },
    ],
    [
      'an export of the default',
      'index.handler',
      { 'index.mjs': 'export default { handler: async () => "string" };' },
    ],
    [
      'CommonJS that requires its neighbour',
      'index.handler',
      {
        'index.js': 'exports.handler = require("./other").run',
        'other.js': cjs.replace('handler', 'run'),
      },
    ],
    ['the .js before the .mjs', 'index.handler', { 'index.js': cjs, 'index.mjs': 'throw 1' }],
    ['a module with await at its top', 'index.handler', { 'index.mjs': `await 0; ${esm}` }],
  ])('loads %s', async (_, handler, files) => {
    await using it = lambdaWith(files, { handler });
    expect(await payloadOf(it.invoke())).toBe('string');
  });

  test.each<[string, string, string, Record<string, string>]>([
    ['Runtime.ImportModuleError', "Cannot find module 'index'", 'index.handler', { 'a.js': '' }],
    [
      'Runtime.ImportModuleError',
      "Cannot find module './gone'",
      'index.handler',
      { 'index.js': 'require("./gone")' },
    ],
    [
      'Runtime.ImportModuleError',
      'Cannot find package',
      'index.handler',
      { 'index.mjs': 'import "not-there"' },
    ],
    [
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
      'index.handler',
      { 'index.mjs': 'export const other = 1' },
    ],
    [
      'Runtime.HandlerNotFound',
      'index.handler is not a function',
      'index.handler',
      { 'index.mjs': 'export const handler = 1' },
    ],
    ['Runtime.UserCodeSyntaxError', 'SyntaxError', 'index.handler', { 'index.mjs': 'export {' }],
    ['Runtime.UserCodeSyntaxError', 'SyntaxError', 'index.handler', { 'index.js': 'let let = 1' }],
    ['Runtime.MalformedHandlerName', 'Bad handler', 'index', { 'index.mjs': esm }],
    ['Runtime.MalformedHandlerName', 'Bad handler', '../index.handler', { 'index.mjs': esm }],
    ['TypeError', 'at init', 'index.handler', { 'index.mjs': 'throw new TypeError("at init")' }],
    [
      'Runtime.UnhandledPromiseRejection',
      'Error: at init',
      'index.handler',
      {
        'index.mjs':
          'void Promise.reject(new Error("at init")); await new Promise((r) => setTimeout(r, 100))',
      },
    ],
    [
      'Runtime.ExitError',
      'Runtime exited with error: exit status 7',
      'index.handler',
      { 'index.mjs': 'process.exit(7)' },
    ],
  ])('fails with %s (%s)', async (errorType, message, handler, files) => {
    await using it = lambdaWith(files, { handler });
    const failure = { errorType, errorMessage: expect.stringContaining(message), timedOut: false };
    expect(await it.invoke()).toMatchObject(failure);
    expect(await it.invoke()).toMatchObject(failure);
    expect(it.meter.read()['lambda.coldStarts']).toEqual({ [it.fn.path]: 2 });
  });
});
