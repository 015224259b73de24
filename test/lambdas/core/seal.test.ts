import { createHash } from 'node:crypto';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Entry } from '../../../lambdas/core/entry.ts';
import {
  canonical,
  CHAIN_START,
  hashContent,
  linkChain,
  type Sealed,
} from '../../../lambdas/core/seal.ts';
import { type Arrival, sequence } from '../../../lambdas/core/sequence.ts';
import type { Content } from '../../../protocol/content.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('canonical JSON', () => {
  test('has the keys of every object in order, and lists as they are', () => {
    expect(canonical({ b: [{ d: 1, c: 2 }, 3], a: { z: null, y: 'x' } })).toBe(
      '{"a":{"y":"x","z":null},"b":[{"c":2,"d":1},3]}',
    );
  });

  test('orders keys by their code units, digits included, as every other language does', () => {
    expect(canonical({ b: 1, B: 2, é: 3, 10: 4, 9: 5 })).toBe('{"10":4,"9":5,"B":2,"b":1,"é":3}');
  });

  test('keeps keys that a prototype has', () => {
    const claimed: unknown = JSON.parse('{"constructor":2,"__proto__":1}');
    expect(canonical(claimed)).toBe('{"__proto__":1,"constructor":2}');
  });

  test('is JSON that says the same', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        expect(JSON.parse(canonical(value))).toEqual(value);
      }),
    );
  });

  test('is one text for one value, in whatever order its keys came', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), {
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(pairs, (entries) => {
        const reversed = Object.fromEntries(entries.toReversed());
        expect(canonical(reversed)).toBe(canonical(Object.fromEntries(entries)));
      }),
    );
  });
});

describe('[L4] the hash of what an entry says', () => {
  const said: Content = { kind: 'message', text: 'yes', meta: { b: 1, a: 2 } };

  test('is the SHA-256 of a list of nonce and content: anybody can compute it', () => {
    const content = '{"kind":"message","meta":{"a":2,"b":1},"text":"yes"}';
    expect(hashContent(said, 'chance')).toBe(sha256(JSON.stringify(['chance', content])));
  });

  test('is the same in whatever order the keys came', () => {
    const reordered: Content = { meta: { a: 2, b: 1 }, text: 'yes', kind: 'message' };
    expect(hashContent(reordered, 'chance')).toBe(hashContent(said, 'chance'));
  });

  test('is another with another nonce: a short text cannot be guessed from it', () => {
    expect(hashContent(said, 'chance')).not.toBe(hashContent(said, 'Chance'));
    expect(hashContent(said, 'chance')).not.toBe(hashContent(said, ''));
  });

  test.each<Content>([
    { kind: 'message', text: 'no', meta: { a: 2, b: 1 } },
    { kind: 'message', text: 'yes', meta: { a: 2, b: '1' } },
    { kind: 'message', text: 'yes' },
    { kind: 'message', text: 'yes', meta: { a: 2, b: 1 }, mentions: [] },
    { kind: 'edit', target: 1, text: 'yes' },
  ])('is another for %j', (other) => {
    expect(hashContent(other, 'chance')).not.toBe(hashContent(said, 'chance'));
  });
});

describe('[L4] the chain', () => {
  const entry: Sealed = {
    room: 'r',
    seq: 7,
    n: 5,
    kind: 'message',
    user: 'ann',
    uuid: 'u7',
    timestamp: 1_234,
    hash: 'h',
  };

  test('begins with nothing', () => {
    expect(CHAIN_START).toBe('');
  });

  test('is the SHA-256 of the chain before and all of the entry: anybody can compute it', () => {
    const covered = '["r",7,5,"message","ann","u7",1234,"h"]';
    expect(linkChain('before', entry)).toBe(sha256(JSON.stringify(['before', covered])));
  });

  test.each([
    ['room', 'r2'],
    ['seq', 8],
    ['n', 4],
    ['kind', 'edit'],
    ['user', 'bob'],
    ['uuid', 'u8'],
    ['timestamp', 1_235],
    ['hash', 'H'],
  ])('is another when the %s is', (field, value) => {
    expect(linkChain('before', { ...entry, [field]: value })).not.toBe(linkChain('before', entry));
  });

  test('is another behind another chain', () => {
    expect(linkChain('before', entry)).not.toBe(linkChain(CHAIN_START, entry));
  });

  test('takes no part of one field for that of another', () => {
    const one = linkChain('', { ...entry, user: 'ann', uuid: 'u' });
    const other = linkChain('', { ...entry, user: 'an', uuid: 'nu' });
    expect(one).not.toBe(other);
  });
});

describe('[L4] a log', () => {
  const contents: readonly Content[] = [
    { kind: 'message', text: 'one' },
    { kind: 'message', text: 'two', mentions: ['bob'] },
    { kind: 'edit', target: 1, text: 'won' },
    { kind: 'delete', target: 1 },
  ];
  const arrivals = contents.map((content, index): Arrival => ({
    room: 'r',
    user: 'ann',
    uuid: `u${index}`,
    action: 'any',
    content,
    nonce: `n${index}`,
    acceptedAt: index,
    position: String(index),
  }));
  const { fresh: log } = sequence([], arrivals, 0);

  /** What a reader checks: words against their hash, where there still are any, and all chains. */
  const holds = (copy: readonly Entry[]) => {
    let chain = CHAIN_START;
    return copy.every((one) => {
      chain = linkChain(chain, one);
      const { said, hash } = one;
      return (
        (said === undefined || hashContent(said.content, said.nonce) === hash) &&
        chain === one.chain
      );
    });
  };

  test('verifies as it was written', () => {
    expect(holds(log)).toBe(true);
  });

  test('still verifies when what was said is erased, and what became of it is noted', () => {
    const erased = log.map(({ said, ...one }) =>
      one.seq === 1 || one.seq === 3
        ? { ...one, state: { deleted: 4, edited: 3, edits: [3] } }
        : { ...one, ...(said === undefined ? {} : { said }) },
    );
    expect(holds(erased)).toBe(true);
  });

  test.each<[string, readonly Entry[]]>([
    ['lacks an entry', log.toSpliced(1, 1)],
    ['lacks its first', log.slice(1)],
    ['has two in another order', log.toSpliced(0, 2, ...log.slice(0, 2).toReversed())],
    ['has one twice', log.toSpliced(0, 0, ...log.slice(0, 1))],
    [
      'has other words',
      log.map((one) => ({
        ...one,
        said: { content: { kind: 'message', text: 'x' }, nonce: 'n0' },
      })),
    ],
    ['has another author', log.map((one) => ({ ...one, user: 'bob' }))],
    ['has another time', log.map((one) => ({ ...one, timestamp: one.timestamp + 1 }))],
  ])('does not verify when it %s', (_what, copy) => {
    expect(holds(copy)).toBe(false);
  });
});
