/** Chooses the language of the page. */
import type { JSX } from 'preact';

import { useLanguage } from './language-context.ts';
import { type LanguageName, LANGUAGES } from './languages.ts';

export function LanguageField(): JSX.Element {
  const { words, name, speak } = useLanguage();
  return (
    <label class="field">
      <span>{words.settings.language}</span>
      <select value={name} onChange={(event) => speak(event.currentTarget.value as LanguageName)}>
        {Object.entries(LANGUAGES).map(([each, called]) => (
          <option key={each} value={each} lang={each}>
            {called}
          </option>
        ))}
      </select>
    </label>
  );
}
