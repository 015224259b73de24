/**
 * A schedule: who is there, what they do one after another, and what goes wrong meanwhile. It is data,
 * so that it can be printed, shrunk and pinned; the same seed makes the same one. How its parts race
 * against each other is the machine's, and differs from run to run.
 */
import { createDice, type Dice } from './dice.ts';
import { drawRule, type FaultRule } from './fault-menu.ts';

export interface Plan {
  readonly seed: number;
  readonly users: number;
  readonly rooms: number;
  /** Devices with the client library: whose they are, by number. */
  readonly devices: readonly number[];
  readonly actions: readonly Action[];
  readonly faults: readonly FaultRule[];
  /** Everybody is there before anything goes wrong. */
  readonly calm: boolean;
}

export interface Action {
  readonly do: Deed;
  /** Which device, by number; the plain one has none. */
  readonly device: number;
  readonly room: number;
  /** Chance for what is not known yet: which message, which user. */
  readonly which: number;
  /** Milliseconds of the machine's clock before the next. */
  readonly pauseMs: number;
  /** The next one waits until what this one has set off is done, if that is soon. */
  readonly settles: boolean;
}

/** What people and devices do, and how often in comparison. */
const WEIGHTS = {
  send: 30,
  'send long': 2,
  'send several': 6,
  edit: 6,
  remove: 5,
  react: 5,
  pin: 2,
  'mark read': 4,
  leave: 2,
  join: 5,
  kick: 3,
  ban: 2,
  unban: 2,
  rename: 1,
  offline: 4,
  online: 6,
  reload: 3,
  kill: 2,
  sleep: 2,
  look: 3,
  'load older': 2,
  // By the plain device, which knows no library.
  'plain send': 5,
  'plain twice': 4,
  'plain sync': 3,
  'plain list': 2,
  'plain oversized': 1,
  // By a backend: a row that is no entry.
  poison: 1,
} as const;

export type Deed = keyof typeof WEIGHTS;

const DEEDS = (Object.keys(WEIGHTS) as Deed[]).flatMap((deed) =>
  Array.from({ length: WEIGHTS[deed] }, () => deed),
);

const ACTIONS = [12, 40] as const;
const FAULTS = [2, 7] as const;
const PAUSE_MAX_MS = 12;
const SETTLES = 0.25;

export function drawPlan(seed: number): Plan {
  const dice = createDice(seed, 'plan');
  const users = dice.int(2, 4);
  const devices = [
    ...Array.from({ length: users }, (_, user) => user),
    ...(dice.chance(0.5) ? [dice.int(0, users - 1)] : []),
  ];
  const rooms = dice.chance(0.3) ? 2 : 1;
  const count = (range: readonly [number, number]) => dice.int(...range);
  return {
    seed,
    users,
    rooms,
    devices,
    actions: Array.from({ length: count(ACTIONS) }, () => drawAction(dice, devices.length, rooms)),
    faults: Array.from({ length: count(FAULTS) }, () => drawRule(dice)),
    calm: dice.chance(0.7),
  };
}

const drawAction = (dice: Dice, devices: number, rooms: number): Action => ({
  do: DEEDS[dice.int(0, DEEDS.length - 1)] ?? 'send',
  device: dice.int(0, devices - 1),
  room: dice.int(0, rooms - 1),
  which: dice.next(),
  // Half of what happens happens at once.
  pauseMs: dice.chance(0.5) ? 0 : dice.int(1, PAUSE_MAX_MS),
  settles: dice.chance(SETTLES),
});
