/** The language that is spoken, for components. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Language, LanguageName } from './languages.ts';

export interface SpokenLanguage extends Language {
  /** Speaks another one from now on, and after a reload. */
  readonly speak: (name: LanguageName) => void;
}

export const LanguageContext = createContext<SpokenLanguage | undefined>(undefined);

export function useLanguage(): SpokenLanguage {
  const language = useContext(LanguageContext);
  if (language === undefined) throw new Error('No language is spoken here');
  return language;
}
