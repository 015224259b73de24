import { existsSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Makes Node resolve a function's modules as if its code lay in `/var/task` with nothing around it.
 *
 * - A `package.json` above the code directory says nothing about the code: an assembly often lies
 *   inside a repository of `"type": "module"`, whose CommonJS bundles would not load otherwise.
 * - The AWS SDK is there although the code does not bring it, as AWS's runtimes have it: it is taken from the
 *   project that the emulator runs in, or else from where the emulator is installed. Its version is not AWS's;
 *   a package that none of them has is named, with the line that installs it.
 *
 * Not copied: packages are still found in a `node_modules` above the code directory, and a file of
 * no declared type that is imported rather than required is of the type of the package around it.
 */
export function resolveAsOnLambda(start: {
  readonly codeDirectory: string;
  readonly sdkPlaces: readonly string[];
}): void {
  const codeUrl = pathToFileURL(path.join(start.codeDirectory, '/')).href;
  // `require.resolve` comes by here, too, and must not be sent on once more.
  let isLooking = false;
  const requiredFrom = (place: string, specifier: string) => {
    isLooking = true;
    try {
      return pathToFileURL(createRequire(place).resolve(specifier)).href;
    } finally {
      isLooking = false;
    }
  };
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (isLooking || !broughtByLambda.test(specifier) || !isMissing(error)) throw error;
        const found = firstOf(start.sdkPlaces, (place) =>
          context.conditions.includes('require')
            ? // `require` resolves from the module that called it, whatever the hook says of a parent.
              { url: requiredFrom(place, specifier), shortCircuit: true }
            : next(specifier, { ...context, parentURL: place }),
        );
        return found ?? missing(specifier, error);
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

/** The first place that has what is looked for. */
function firstOf<Found>(places: readonly string[], look: (place: string) => Found) {
  for (const place of places) {
    try {
      return look(place);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND');

/** On AWS it would be there: so whoever reads this is told how to have it here. */
function missing(specifier: string, cause: unknown): never {
  const [scope, name] = specifier.split('/');
  const message =
    `Cannot find package '${scope}/${name}', which AWS's runtime has: neither the function's code, nor this ` +
    `project, nor the emulator brings it. npm install --save-dev ${scope}/${name}`;
  throw Object.assign(new Error(message, { cause }), { code: 'ERR_MODULE_NOT_FOUND' });
}

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
