/**
 * All words of the page. English is the model: another language has the same keys, which the compiler
 * checks. Where a number or a name comes in, the entry is a function, for each language puts it elsewhere.
 */
import type { en } from './en.ts';

export type Words = typeof en;
