import { existsSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Makes Node resolve a function's modules as if its code lay in `/var/task` with nothing around it.
 *
 * - A `package.json` above the code directory says nothing about the code: an assembly often lies
 *   inside a repository of `"type": "module"`, whose CommonJS bundles would not load otherwise.
 * - The AWS SDK is there although the code does not bring it, as AWS's runtimes have it: it is taken
 *   from where the emulator is installed. Its version is not AWS's.
 *
 * Not copied: packages are still found in a `node_modules` above the code directory, and a file of
 * no declared type that is imported rather than required is of the type of the package around it.
 */
export function resolveAsOnLambda(start: {
  readonly codeDirectory: string;
  readonly emulatorModule: string;
}): void {
  const requireOfEmulator = createRequire(start.emulatorModule);
  const codeUrl = pathToFileURL(path.join(start.codeDirectory, '/')).href;
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!broughtByLambda.test(specifier)) throw error;
        if (!context.conditions.includes('require')) {
          return next(specifier, { ...context, parentURL: start.emulatorModule });
        }
        // `require` resolves from the module that called it, whatever the hook says of a parent.
        return {
          url: pathToFileURL(requireOfEmulator.resolve(specifier)).href,
          shortCircuit: true,
        };
      }
    },
    load(url, context, next) {
      if (!context.conditions.includes('require') || !url.startsWith(codeUrl)) {
        return next(url, context);
      }
      const file = fileURLToPath(url);
      if (packageTypeOf(file, start.codeDirectory) !== undefined) return next(url, context);
      return { format: 'commonjs', source: readFileSync(file), shortCircuit: true };
    },
  });
}

const broughtByLambda = /^@(aws-sdk|smithy)\//;

/**
 * The kind of module a file is, by its extension or the nearest `package.json` no higher than the
 * code directory; undefined when nothing declares it.
 */
export function packageTypeOf(
  file: string,
  codeDirectory: string,
): 'module' | 'commonjs' | undefined {
  const extension = path.extname(file);
  if (extension === '.mjs') return 'module';
  if (extension !== '.js') return 'commonjs';
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const manifest = path.join(directory, 'package.json');
    if (existsSync(manifest)) {
      const { type } = JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string };
      return type === 'module' || type === 'commonjs' ? type : undefined;
    }
    if (directory === codeDirectory || directory === path.dirname(directory)) return undefined;
  }
}
