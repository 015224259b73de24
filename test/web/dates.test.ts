import { expect, test } from 'vitest';

import { createDates } from '../../web/src/language/dates.ts';
import { chooseLanguage } from '../../web/src/language/languages.ts';

const NOW = new Date(2026, 10, 21, 12, 0).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();
const dates = createDates('en-GB', () => NOW);

test('names today and yesterday, and other days by their dates', () => {
  expect(dates.day(at(2026, 10, 21, 0, 0))).toBe('Today');
  expect(dates.day(at(2026, 10, 20, 23, 59))).toBe('Yesterday');
  expect(dates.day(at(2026, 10, 19, 12, 0))).toBe('Thursday 19 November');
  expect(dates.day(at(2025, 10, 19, 12, 0))).toBe('19 November 2025');
});

test('is as brief as it can be and still be told', () => {
  expect(dates.brief(at(2026, 10, 21, 9, 5))).toBe('09:05');
  expect(dates.brief(at(2026, 10, 18, 9, 5))).toBe('Wed');
  expect(dates.brief(at(2026, 9, 3, 9, 5))).toBe('3 Oct');
  expect(dates.brief(at(2025, 9, 3, 9, 5))).toBe('03/10/2025');
});

test('tells how long ago something was, and how long it will be, in the largest unit', () => {
  expect(dates.ago(NOW - 5 * 60_000)).toBe('5 minutes ago');
  expect(dates.ago(NOW - 50 * 3_600_000)).toBe('2 days ago');
  // A clock that is ahead of ours.
  expect(dates.ago(NOW + 5_000)).toBe('now');
  expect(dates.within(7)).toBe('in 7 seconds');
  expect(dates.duration(3_600)).toBe('1 hour');
  expect(createDates('de').within(2 * 86_400)).toBe('übermorgen');
  expect(createDates('de').duration(7 * 86_400)).toBe('7 Tage');
});

test('speaks the first wanted language that there is, and English otherwise', () => {
  expect(chooseLanguage(['fr', 'de-AT', 'en'])).toBe('de');
  expect(chooseLanguage(['', 'EN-us'])).toBe('en');
  expect(chooseLanguage(['constructor', 'ja'])).toBe('en');
  expect(chooseLanguage([])).toBe('en');
});
