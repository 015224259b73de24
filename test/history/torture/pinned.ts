/** Plans that failed once, shrunk, each with what was wrong. */
import type { Action, Plan } from './plan.ts';

export interface Pinned {
  /** What must not happen again. */
  readonly fact: string;
  readonly plan: Plan;
}

const act = (what: Pick<Action, 'do' | 'device'> & Partial<Action>): Action => ({
  room: 0,
  which: 0.5,
  pauseMs: 0,
  settles: false,
  ...what,
});

export const PINNED: readonly Pinned[] = [
  {
    // The sequencer numbered a batch in the order in which it came, not in that of the stream.
    fact: '[J8] a batch whose records change places is numbered in the order of acceptance',
    plan: {
      seed: 500_010,
      users: 4,
      rooms: 1,
      devices: [0, 1, 2, 3],
      actions: [
        act({ do: 'send', device: 2, pauseMs: 12 }),
        act({ do: 'send several', device: 3 }),
        act({ do: 'mark read', device: 0 }),
        act({ do: 'send', device: 3 }),
        act({ do: 'send long', device: 1 }),
      ],
      faults: [
        {
          fault: 'dynamodb-failed',
          where: { function: '*' },
          when: { rate: 0.7, afterMs: 908, untilMs: 2_833 },
        },
        { fault: 'batch-reordered', when: { rate: 0.58 } },
      ],
      calm: true,
    },
  },
  {
    // One sandbox with a clock ten minutes ahead wrote a rate limit that kept a connection silent for so long.
    fact: '[J10] a clock that is far ahead in one sandbox silences nobody',
    plan: {
      seed: 1_005,
      users: 2,
      rooms: 1,
      devices: [0, 1],
      actions: [
        act({ do: 'send', device: 0, settles: true }),
        act({ do: 'plain twice', device: 0, settles: true }),
        act({ do: 'send several', device: 1, settles: true }),
        act({ do: 'mark read', device: 0, settles: true }),
        act({ do: 'send', device: 0 }),
      ],
      faults: [
        { fault: 'clock-skew', ms: 600_000, when: { rate: 0.5 } },
        { fault: 'function-cold', when: { rate: 0.5 } },
      ],
      calm: false,
    },
  },
  {
    // A repeat was refused when its sender had been put out since, and the library showed it as failed.
    fact: '[J11] a message whose answer was lost is not shown as failed because its sender is out by now',
    plan: {
      seed: 2_006,
      users: 2,
      rooms: 1,
      devices: [0, 1],
      actions: [
        act({ do: 'send several', device: 1 }),
        act({ do: 'send several', device: 1, pauseMs: 10 }),
        act({ do: 'ban', device: 0, which: 0.99, settles: true }),
        act({ do: 'sleep', device: 1 }),
      ],
      faults: [
        { fault: 'post-lost', when: { rate: 0.8 } },
        { fault: 'cut', where: { operation: 'post' }, when: { rate: 0.3 } },
      ],
      calm: true,
    },
  },
  {
    // A batch out of order was cut in two when it failed: its end came first, and the rest counted as numbered.
    fact: '[J1] nothing that was accepted is left without a number by a batch that was not in order',
    plan: {
      seed: 400_262,
      users: 4,
      rooms: 1,
      devices: [0, 1, 2, 3],
      actions: [0, 3, 1, 2, 0, 3, 0, 1].flatMap((device) => [
        act({ do: 'send several', device, pauseMs: 3 }),
        act({ do: 'send', device: (device + 1) % 4, pauseMs: 8 }),
      ]),
      faults: [
        { fault: 'batch-reordered', when: { rate: 0.6 } },
        { fault: 'function-timeout', moment: 'before', calls: 3, when: { rate: 0.15 } },
        { fault: 'stream-stall', ms: 2_500, when: { rate: 0.2 } },
      ],
      calm: true,
    },
  },
];
