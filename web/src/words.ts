/**
 * All words of the page. English is the model: another language has the same keys, which the compiler
 * checks. Where a number or a name comes in, the entry is a function, for each language puts it elsewhere.
 */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { en } from './locales/en.ts';

/** Codes by which an action can fail: the protocol's, and those of the way to the server. */
export type RefusalCode = ErrorCode | 'offline' | 'timed_out' | 'closed' | 'unknown';

export type Words = typeof en;

/** Forms of a word by number, as `Intl.PluralRules` names them. */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

/** Chooses the form of a word for a number, and puts the number at `#`. */
export function createPlural(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count, { one, other }) =>
    (rules.select(count) === 'one' ? one : other).replace('#', numbers.format(count));
}
