/**
 * The languages of the page. Each is a file of words of its own, loaded only when it is spoken; a new
 * one is a file beside this and a line here.
 */
import { createDates, type Dates } from './dates.ts';
import type { Words } from './words.ts';

const FILES = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
} satisfies Record<string, () => Promise<Words>>;

export type LanguageName = keyof typeof FILES;

/** What each language calls itself. */
export const LANGUAGES: Readonly<Record<LanguageName, string>> = { en: 'English', de: 'Deutsch' };

export interface Language {
  readonly name: LanguageName;
  readonly direction: 'ltr' | 'rtl';
  readonly words: Words;
  readonly dates: Dates;
}

/** Dates are written as the region does that `wanted` names with the language, if any: en-GB, de-AT. */
export async function loadLanguage(
  name: LanguageName,
  wanted: readonly string[],
): Promise<Language> {
  const region = wanted.find((tag) => languageOf(tag) === name) ?? name;
  return { name, direction: 'ltr', words: await FILES[name](), dates: createDates(region) };
}

const languageOf = (tag: string) => tag.toLowerCase().split('-')[0] ?? '';

const isLanguage = (name: string): name is LanguageName => Object.hasOwn(FILES, name);

/** The first of the wanted languages that there is; English otherwise. */
export function chooseLanguage(wanted: readonly string[]): LanguageName {
  return wanted.map(languageOf).find(isLanguage) ?? 'en';
}
