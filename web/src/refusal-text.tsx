/** Why something did not work, in words, where it happened; told at once by screen readers. */
import type { JSX } from 'preact';

import type { Language } from './language/languages.ts';
import { useLanguage } from './language/language-context.ts';
import type { Refusal } from './use-action.ts';

export function RefusalText({ refusal }: { readonly refusal: Refusal | undefined }): JSX.Element {
  const language = useLanguage();
  return (
    <p class="refusal" role="alert">
      {refusal === undefined ? '' : refusalWords(language, refusal)}
    </p>
  );
}

/** The words for a code; a code that this page does not know has its own sentence. */
export function refusalWords(
  { words, dates }: Language,
  { code, retryAfter }: { readonly code: string; readonly retryAfter?: number },
): string {
  const known: Readonly<Record<string, string>> = words.errors;
  const text = Object.hasOwn(known, code) ? (known[code] ?? '') : words.errors.unknown;
  return retryAfter === undefined
    ? text
    : `${text} ${words.tryAgain(dates.within(Math.ceil(retryAfter)))}`;
}
