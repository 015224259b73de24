/** Bugs of the server, each as a change of its source, with the faults under which it shows. */
import type { FaultRule } from '../torture/fault-menu.ts';
import type { SourceChange } from './mutated-assembly.ts';

export interface SystemMutant {
  readonly bug: string;
  readonly changes: readonly SourceChange[];
  readonly faults: readonly FaultRule[];
  /** The checks of which one must find it. */
  readonly caughtBy: readonly string[];
}

export const SYSTEM_MUTANTS: readonly SystemMutant[] = [
  {
    bug: 'a message is acknowledged before it is written',
    changes: [
      {
        file: 'core/inbox.ts',
        from: "if (also.length === 0) await db.call('PutItem', put);",
        to: "if (also.length === 0) await db.call('PutItem', put).catch(() => {});",
      },
    ],
    faults: [
      {
        fault: 'dynamodb-failed',
        where: { operation: 'PutItem', function: '*NewMessage*' },
        when: { rate: 0.7 },
      },
    ],
    caughtBy: ['J1', 'J11'],
  },
  {
    bug: 'what comes a second time gets a second number',
    changes: [
      {
        file: 'core/sequence.ts',
        from: 'const entry = inTail.get(identity(arrival));',
        to: 'const entry = undefined as Entry | undefined;',
      },
      {
        file: 'core/sequence.ts',
        from: "novelty(arrival) === 'new'",
        to: 'true',
      },
    ],
    faults: [{ fault: 'batch-duplicated', when: { rate: 0.6 } }],
    caughtBy: ['J4'],
  },
  {
    bug: 'who was put out goes on hearing the room',
    changes: [
      {
        file: 'core/door.ts',
        from: 'await online.leaveRoom(room, [...connections]);',
        to: 'void connections;',
      },
      {
        file: 'core/door.ts',
        from: 'hasLeft: (room, user) => departures.has(room, user),',
        to: 'hasLeft: () => false,',
      },
    ],
    faults: [],
    caughtBy: ['J12'],
  },
  {
    bug: 'a number is given a second time',
    changes: [
      {
        file: 'core/log.ts',
        from: "condition = 'attribute_not_exists(seq)'",
        to: "condition = 'attribute_not_exists(nothing)'",
      },
    ],
    faults: [
      {
        fault: 'dynamodb-stale',
        ms: 20_000,
        where: { function: '*Broadcast*' },
        when: { rate: 0.8 },
      },
    ],
    caughtBy: ['J1', 'J2', 'J3', 'J5', 'L4'],
  },
  {
    bug: 'the words of a deleted message stay',
    changes: [
      {
        file: 'core/effects.ts',
        from: 'withState(erased(target), { deleted: entry.seq })',
        to: 'withState(target, { deleted: entry.seq })',
      },
    ],
    faults: [],
    caughtBy: ['X2'],
  },
  {
    bug: 'unread messages are off by one',
    changes: [
      {
        file: 'core/unread.ts',
        from: 'unread: Math.max(0, head.n - read.n)',
        to: 'unread: Math.max(0, head.n - read.n + 1)',
      },
    ],
    faults: [],
    caughtBy: ['N4'],
  },
  {
    bug: 'each entry begins a chain of its own',
    changes: [
      {
        file: 'core/sequence.ts',
        from: 'linkChain(last?.chain ?? CHAIN_START, entry)',
        to: 'linkChain(CHAIN_START, entry)',
      },
    ],
    faults: [],
    caughtBy: ['L4'],
  },
  {
    bug: 'a failed batch is reported as done',
    changes: [
      {
        file: 'broadcast.ts',
        from: 'const failures = rooms.flatMap(({ failures: ofRoom }) => ofRoom);',
        to: 'const failures: string[] = [];',
      },
    ],
    faults: [
      {
        fault: 'dynamodb-failed',
        where: { operation: 'Query', function: '*Broadcast*' },
        when: { rate: 0.6 },
      },
    ],
    caughtBy: ['J1'],
  },
  {
    bug: 'nobody is asked whether he is in the room that he selects',
    changes: [
      {
        file: 'core/room-turn.ts',
        from: "member === undefined ? refuse(turn.envelope, 'invalid_room_id') : { ...turn, member }",
        to: "{ ...turn, member: member ?? { user: turn.session.user, role: 'member' } }",
      },
    ],
    faults: [],
    caughtBy: ['J12'],
  },
  {
    bug: 'what was accepted is refused when its sender may not speak any more',
    changes: [
      {
        file: 'core/durable.ts',
        from: 'if (accepted === undefined) return judged;',
        to: 'if (true) return judged;',
      },
    ],
    faults: [
      { fault: 'post-lost', when: { rate: 0.9 } },
      { fault: 'cut', where: { operation: 'post' }, when: { rate: 0.3 } },
    ],
    caughtBy: ['J11'],
  },
];
