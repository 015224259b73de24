/** Who has read up to a message. */
import type { JSX } from 'preact';

import { useLanguage } from '../language/language-context.ts';

/** People named before the rest is only counted. */
const NAMED_MAX_COUNT = 3;

export function SeenBy({
  people = [],
}: {
  readonly people: readonly string[] | undefined;
}): JSX.Element | null {
  const { words, dates } = useLanguage();
  if (people.length === 0) return null;
  const named = people.slice(0, NAMED_MAX_COUNT);
  const others = people.length - named.length;
  const names = others === 0 ? named : [...named, words.timeline.others(others)];
  return <p class="seen-by">{words.timeline.seenBy(dates.list(names))}</p>;
}
