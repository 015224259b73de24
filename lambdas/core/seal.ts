import { createHash } from 'node:crypto';

import type { Content } from '../../protocol/content.ts';

/**
 * The seal of an entry: a hash of what it says, and a chain over all entries up to it. Whoever has the
 * entries can compute the chain and compare; whoever lacks one, or has another one, gets another
 * chain. What an entry said may be erased: its hash stays, so the chain still holds, and the nonce,
 * erased with the words, keeps a short text from being guessed from its hash.
 */
const digest = (...parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/**
 * JSON with its keys in the order of their code units, so that everybody gets the same bytes. (An
 * object with sorted keys would not do: JavaScript lists keys that look like numbers first.)
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((inner) => canonical(inner ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${fields.join(',')}}`;
}

export const hashContent = (content: Content, nonce: string): string =>
  digest(nonce, canonical(content));

/** What the chain covers of an entry. Times are those of the wire, in milliseconds. */
export interface Sealed {
  readonly room: string;
  readonly seq: number;
  readonly n: number;
  readonly kind: string;
  readonly user: string;
  readonly uuid: string;
  readonly timestamp: number;
  readonly hash: string;
}

/** The chain before a room's first entry. */
export const CHAIN_START = '';

export const linkChain = (before: string, entry: Sealed): string => {
  const { room, seq, n, kind, user, uuid, timestamp, hash } = entry;
  return digest(before, canonical([room, seq, n, kind, user, uuid, timestamp, hash]));
};
