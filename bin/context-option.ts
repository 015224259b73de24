import { fail } from './command.ts';

/** What a CDK app reads of its context (`--context KEY=VALUE`, any number of them). */
export function contextOption(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined || value === undefined)
        fail(`--context must be KEY=VALUE, not ${pair}`);
      return [key, value];
    }),
  );
}
