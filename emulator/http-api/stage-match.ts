import type { Stage } from '../model.ts';
import type { Exchange } from './api-context.ts';

/** The stage that a path begins with, or the default one, which no path names. */
export function findStage(
  stages: readonly Stage[],
  rawPath: string,
): Pick<Exchange, 'stage' | 'path' | 'rawPath'> | undefined {
  const [, first = ''] = rawPath.split('/');
  const serving = (name: string) => stages.find((stage) => stage.deployed && stage.name === name);
  const named = first === '$default' ? undefined : serving(first);
  if (named !== undefined) {
    return { stage: named, rawPath, path: rawPath.slice(first.length + 1) || '/' };
  }
  const fallback = serving('$default');
  return fallback && { stage: fallback, rawPath, path: rawPath };
}
