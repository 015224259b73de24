import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { RuntimeError } from './function-error.ts';
import { packageTypeOf } from './modules.ts';

/**
 * Finds and loads a function's handler as Lambda's Node runtime does: `src/index.handler` is the
 * export `handler` of `src/index.js`, `.mjs` or `.cjs`, whichever is there first; `index.a.b` is `b`
 * of the export `a`. A module's `default` is looked through too.
 */

/** What a template's handler must turn out to be; `callback` only up to `nodejs22.x`. */
export type Handler = (event: unknown, context: unknown, callback?: unknown) => unknown;

const extensions = ['.js', '.mjs', '.cjs'];

/** Loads the handler; throws `Runtime.ImportModuleError` and its like, or what the module threw. */
export async function loadHandler(start: {
  readonly codeDirectory: string;
  readonly handler: string;
}): Promise<Handler> {
  const { directory, module, exported } = parseHandler(start.handler);
  const file = extensions
    .map((extension) => path.join(start.codeDirectory, directory, module + extension))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) {
    const name = path.join(directory, module);
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
  }
  const namespace = await load(file, start.codeDirectory);
  const found = findIn(namespace, exported) ?? findIn(findIn(namespace, ['default']), exported);
  if (typeof found === 'function') return found as Handler;
  const why = found === undefined ? 'undefined or not exported' : 'not a function';
  throw new RuntimeError('Runtime.HandlerNotFound', `${start.handler} is ${why}`);
}

function parseHandler(handler: string) {
  const [, module, exported] = /^([^.]*)\.(.+)$/.exec(path.posix.basename(handler)) ?? [];
  if (module === undefined || exported === undefined || handler.includes('..')) {
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  }
  return { directory: path.posix.dirname(handler), module, exported: exported.split('.') };
}

function findIn(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (outer, name) =>
      typeof outer === 'object' && outer !== null
        ? (outer as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

async function load(file: string, codeDirectory: string): Promise<unknown> {
  try {
    const type = packageTypeOf(file, codeDirectory);
    if (type === 'module') return await import(pathToFileURL(file).href);
    const required = requireFrom(file, codeDirectory);
    // A file of no declared type may hold either kind of module, and its syntax decides.
    return type === undefined && required.failed instanceof SyntaxError
      ? await import(pathToFileURL(file).href)
      : unwrap(required);
  } catch (error) {
    throw asLambdaSays(error);
  }
}

type Required = { readonly exports?: unknown; readonly failed?: unknown };

function requireFrom(file: string, codeDirectory: string): Required {
  try {
    return { exports: createRequire(path.join(codeDirectory, 'index.js'))(file) as unknown };
  } catch (failed) {
    return { failed };
  }
}

function unwrap(required: Required): unknown {
  if ('failed' in required) throw required.failed;
  return required.exports;
}

function asLambdaSays(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return new RuntimeError('Runtime.ImportModuleError', String(error));
  }
  if (!(error instanceof SyntaxError)) return error;
  const syntaxError = new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
  syntaxError.stack = error.stack ?? '';
  return syntaxError;
}
