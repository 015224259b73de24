/**
 * The drop profile, after AnyCable's public one: clients in rooms in which somebody speaks steadily, and
 * everybody's network breaks off again and again for a moment. All times here are those of the profile;
 * a run may be faster (`speed`), and then everything that waits is, the libraries' own timers too.
 */
export interface Profile {
  readonly clients: number;
  /** Clients in one room; one more person, whose network holds, speaks there. */
  readonly roomSize: number;
  /** How long the networks break and the speakers speak. */
  readonly minutes: number;
  /** How many times faster than the profile it runs. */
  readonly speed: number;
  readonly seed: number;
}

/** Milliseconds between two breaks of one network, and until it is back; each give or take a half. */
export const UP_MS = 15_000;
export const DOWN_MS = 2_000;

/** Milliseconds between two messages in one room. */
export const MESSAGE_MS = 1_000;

/**
 * Real milliseconds in which what was missed may still come when all networks hold again. In slow motion
 * longer, as the libraries' own waits are.
 */
export const patienceMs = ({ speed }: Profile): number => 60_000 / Math.min(1, speed);

export const roomsOf = ({ clients, roomSize }: Profile): number => Math.ceil(clients / roomSize);

/** A source of numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `ms` of the profile, give or take a half, in real milliseconds. */
export const about = (ms: number, { speed }: Profile, random: () => number): number =>
  (ms * (0.5 + random())) / speed;
