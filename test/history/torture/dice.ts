/** Chance that can be had again: the same seed and stream throw the same. */
import { createRandom } from '../../../emulator/faults/random.ts';

export interface Dice {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** From `from` to `to`, both of them possible. */
  int(from: number, to: number): number;
  pick<One>(list: readonly [One, ...One[]]): One;
  chance(rate: number): boolean;
}

export function createDice(seed: number, stream: string): Dice {
  const random = createRandom(seed);
  let thrown = 0;
  const next = () => random.draw(stream, thrown++);
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    chance: (rate) => next() < rate,
  };
}
