import { createHash } from 'node:crypto';

/**
 * The one source of chance of a fault plan. It is counter-based: the n-th draw of a stream is the
 * SHA-256 of the seed, the stream's name and n. So a draw hangs on nothing that was drawn elsewhere,
 * and a rule that is added or taken away changes no other rule's luck.
 */
export interface Random {
  /** From 0 up to, and without, 1. */
  draw(stream: string, n: number): number;
}

/** As many bits as a double holds exactly. */
const BITS = 53;
const HASH_BITS = 64;

export function createRandom(seed: number): Random {
  return {
    draw(stream, n) {
      const hash = createHash('sha256').update(`${seed}\n${stream}\n${n}`).digest();
      const bits = hash.readBigUInt64BE() >> BigInt(HASH_BITS - BITS);
      return Number(bits) / 2 ** BITS;
    },
  };
}
