/** Words that are another one for one than for many. */

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
