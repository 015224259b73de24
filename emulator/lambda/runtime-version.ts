import type { FunctionResource } from '../model.ts';

/**
 * Every Node.js runtime that a template names is the Node at hand: one line for each that is another
 * version, since what is new or gone between the two is not copied. That handlers of `nodejs22.x` and
 * before may call back is.
 */
export function runtimeWarnings(
  functions: readonly FunctionResource[],
  nodeVersion: string,
): readonly string[] {
  const major = nodeVersion.split('.')[0] ?? '';
  const byRuntime = Map.groupBy(functions, ({ runtime }) => runtime);
  return [...byRuntime]
    .filter(([runtime]) => runtime !== `nodejs${major}.x`)
    .map(([runtime, named]) => {
      const paths = named.map(({ path }) => path).join(', ');
      return `${runtime} runs on Node ${nodeVersion} here: ${paths}`;
    });
}
