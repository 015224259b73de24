import { describe, expect, test } from 'vitest';

import { type StreamRecord, toArrival } from '../../../lambdas/core/arrival.ts';
import { createBroadcastRoom } from '../../../lambdas/core/broadcast-room.ts';
import type { Deliver } from '../../../lambdas/core/deliver.ts';
import type { Entry } from '../../../lambdas/core/entry.ts';
import type { Log } from '../../../lambdas/core/log.ts';
import { createOnline } from '../../../lambdas/core/online.ts';
import type { Recipient } from '../../../lambdas/core/recipients.ts';
import { sequence } from '../../../lambdas/core/sequence.ts';
import type { Content } from '../../../protocol/content.ts';
import type { Broadcast, ErrorReply } from '../../../protocol/replies.ts';
import { memoryLog } from './memory-log.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const NOW = 1_000_000;
const LATER = Number.MAX_SAFE_INTEGER;

const recipient = (user: string, connection = user): Recipient => ({
  connection,
  user,
  features: [],
});

interface Row {
  readonly user?: string;
  readonly ifHead?: number;
  readonly content?: Content;
}

/** The record of the Inbox row that somebody's frame became. */
function record(index: number, { user = 'ann', ifHead, content }: Row = {}): StreamRecord {
  const uuid = `u${index}`;
  return {
    dynamodb: {
      Keys: { room: { S: 'r' }, entry: { S: `${user}#${uuid}` } },
      SequenceNumber: String(100 + index),
      NewImage: {
        room: { S: 'r' },
        user: { S: user },
        uuid: { S: uuid },
        action: { S: 'any' },
        content: { S: JSON.stringify(content ?? { kind: 'message', text: `text ${index}` }) },
        nonce: { S: 'chance' },
        acceptedAt: { N: String(index) },
        ...(ifHead === undefined ? {} : { ifHead: { N: String(ifHead) } }),
      },
    },
  };
}

/** What the log would be after these records. */
const entriesOf = (records: readonly StreamRecord[], now = NOW): Entry[] => [
  ...sequence(
    [],
    records.flatMap((one) => toArrival(one) ?? []),
    now,
  ).fresh,
];

type Frame = Broadcast | ErrorReply;

/** Whatever else it is asked, it throws. */
const nobodyAsked = createOnline({ db: scriptedDynamoDb({}), table: 'Connections' });

/** A broadcaster of one room over a log, with those who are online, and all that it told them. */
function broadcaster(
  log: Log,
  {
    online = [recipient('ann'), recipient('bob')],
    gone = [] as string[],
    inRoom = [] as string[],
    now = NOW,
  } = {},
) {
  const moves: string[] = [];
  const told = new Map<string, Frame[]>();
  const letters: unknown[] = [];
  const forgotten: unknown[][] = [];
  const deadlines: number[] = [];
  const clock = { now };
  const deliver: Deliver = async (recipients, frames, deadline) => {
    deadlines.push(deadline);
    for (const { connection } of recipients) {
      told.set(connection, [...(told.get(connection) ?? []), ...(frames as Frame[])]);
    }
    const dead = recipients.filter(({ connection }) => gone.includes(connection));
    return { posted: recipients.length - dead.length, failed: 0, gone: dead };
  };
  const broadcast = createBroadcastRoom({
    log,
    crowd: { of: async () => online },
    online: {
      ...nobodyAsked,
      devicesOf: async (user) => [recipient(user, `${user}1`)],
      enter: async ({ connection }) => void moves.push(`enter ${connection}`),
      leaveRoom: async (_room, left) => void moves.push(`off ${left.join(' ')}`),
    },
    members: {
      member: async (room, user) =>
        room === 'r' && inRoom.includes(user) ? { user, role: 'member' } : undefined,
    },
    fanOut: { isWaiting: () => false, start: () => Promise.reject(new Error('not large')) },
    deliver,
    forget: async (...one) => void forgotten.push(one),
    deadLetters: { send: async (body) => void letters.push(JSON.parse(body)) },
    now: () => clock.now,
  });
  return {
    clock,
    told,
    moves,
    letters,
    forgotten,
    deadlines,
    run: (...records: StreamRecord[]) => broadcast('r', records, LATER),
    /** The numbers of the entries that a connection was told, in order. */
    seqsTo: (connection: string) =>
      (told.get(connection) ?? []).map((frame) =>
        'code' in frame ? frame.code : (frame.message ?? frame.entry)?.seq,
      ),
  };
}

describe('the records of a room', () => {
  test('[L1] get the next numbers, and are told to everybody online with the head', async () => {
    const log = memoryLog();
    const { run, told } = broadcaster(log);
    expect(await run(record(1), record(2, { user: 'bob' }))).toEqual({
      appended: 2,
      delivery: { posted: 2, failed: 0, gone: [] },
    });
    expect(log.entries).toEqual(entriesOf([record(1), record(2, { user: 'bob' })]));
    const frames = [
      { uuid: 'u1', action: 'any', room: 'r', head: 2, message: { seq: 1, text: 'text 1' } },
      { uuid: 'u2', action: 'any', room: 'r', head: 2, message: { seq: 2, text: 'text 2' } },
    ];
    expect(told.get('ann')).toMatchObject(frames);
    expect(told.get('bob')).toMatchObject(frames);
  });

  test('[L1] go on where the log ends', async () => {
    const log = memoryLog();
    const { run, seqsTo } = broadcaster(log);
    await run(record(1));
    await run(record(2), record(3));
    expect(log.entries).toEqual(entriesOf([record(1), record(2), record(3)]));
    expect(seqsTo('bob')).toEqual([1, 2, 3]);
  });

  test('are in the log before anybody is told, and though nobody is there', async () => {
    const log = memoryLog();
    await broadcaster(log, { online: [] }).run(record(1));
    expect(log.entries).toHaveLength(1);
  });

  test('[D4] forget a connection that is gone, and whose it was', async () => {
    const online = [recipient('ann', 'a1'), recipient('ann', 'a2'), recipient('bob', 'b1')];
    const { run, forgotten } = broadcaster(memoryLog(), { online, gone: ['a2', 'b1'] });
    const { delivery } = await run(record(1));
    expect(delivery.gone).toHaveLength(2);
    expect(forgotten).toEqual([
      ['a2', 'ann'],
      ['b1', 'bob'],
    ]);
  });

  test('fail when the log does, and nobody is told', async () => {
    const log: Log = { ...memoryLog(), append: () => Promise.reject(new Error('down')) };
    const { run, told } = broadcaster(log);
    await expect(run(record(1))).rejects.toThrow('down');
    expect(told.size).toBe(0);
  });

  test('are posted until the deadline, and not longer', async () => {
    const { run, deadlines } = broadcaster(memoryLog());
    await run(record(1));
    expect(deadlines).toEqual([LATER]);
  });
});

describe('a record that can never be an entry', () => {
  const poison: StreamRecord = {
    dynamodb: {
      Keys: { room: { S: 'r' }, entry: { S: 'ann#u2' } },
      SequenceNumber: '102',
      NewImage: { room: { S: 'r' }, user: { S: 'ann' }, text: { S: 'secret' } },
    },
  };

  test('is set aside, by its place and keys and no words, and the rest goes on', async () => {
    const log = memoryLog();
    const { run, letters, seqsTo } = broadcaster(log);
    await run(record(1), poison, record(3));
    expect(letters).toEqual([
      {
        reason: 'not an entry',
        room: 'r',
        keys: { room: { S: 'r' }, entry: { S: 'ann#u2' } },
        sequenceNumber: '102',
      },
    ]);
    expect(log.entries).toEqual(entriesOf([record(1), record(3)]));
    expect(seqsTo('bob')).toEqual([1, 2]);
  });

  test('alone needs no look at the log, and is told to nobody', async () => {
    const log = memoryLog();
    const { run, letters, told } = broadcaster(log);
    expect(await run(poison)).toEqual({
      appended: 0,
      delivery: { posted: 0, failed: 0, gone: [] },
    });
    expect(letters).toHaveLength(1);
    expect(log.reads.count).toBe(0);
    expect(told.size).toBe(0);
  });

  test('[X2] is not one that was erased: that is no arrival, and nothing is set aside', async () => {
    const erased: StreamRecord = {
      dynamodb: {
        Keys: { room: { S: 'r' }, entry: { S: 'ann#u1' } },
        SequenceNumber: '102',
        NewImage: {
          room: { S: 'r' },
          user: { S: 'ann' },
          uuid: { S: 'u1' },
          erased: { BOOL: true },
        },
      },
    };
    const log = memoryLog(entriesOf([record(1)]));
    const { run, letters, seqsTo } = broadcaster(log);
    await run(erased, record(3));
    expect(letters).toEqual([]);
    expect(log.entries.map(({ uuid }) => uuid)).toEqual(['u1', 'u3']);
    expect(seqsTo('bob')).toEqual([2]);
  });
});

describe('[M11] a record that was meant for another head', () => {
  const online = [recipient('ann', 'a1'), recipient('bob', 'b1'), recipient('ann', 'a2')];

  test('is told to the devices of its sender alone, and nothing is stored', async () => {
    const log = memoryLog(entriesOf([record(1), record(2)], 0));
    const { run, told } = broadcaster(log, { online });
    expect(await run(record(3, { ifHead: 1 }))).toMatchObject({ appended: 0 });
    expect(log.entries).toHaveLength(2);
    const refusal = {
      uuid: 'u3',
      action: 'any',
      room: 'r',
      status: 'error',
      code: 'head_moved',
      error_message: 'The room has moved on',
      head: 2,
    };
    expect(Object.fromEntries(told)).toEqual({ a1: [refusal], a2: [refusal] });
  });

  test('does not hold up the others of its batch', async () => {
    const log = memoryLog();
    const { run, seqsTo } = broadcaster(log, { online });
    await run(record(1), record(2, { ifHead: 0 }), record(3, { user: 'bob', ifHead: 1 }));
    expect(log.entries.map(({ uuid }) => uuid)).toEqual(['u1', 'u3']);
    expect(seqsTo('a1')).toEqual(['head_moved', 1, 2]);
    expect(seqsTo('b1')).toEqual([1, 2]);
  });

  // An eventually consistent read may lack the entry that the sender has answered.
  test('is one by the newest head there is, not by that of an old read', async () => {
    const log = memoryLog(entriesOf([record(1), record(2)], 0));
    const { run, seqsTo } = broadcaster(stale(log, 1), { online });
    await run(record(3, { ifHead: 2 }));
    expect(seqsTo('a1')).toEqual([3]);
    expect(log.entries).toHaveLength(3);
  });
});

describe('[L2] records that come again', () => {
  test('are numbered once, and posted once by the sandbox that has posted them', async () => {
    const log = memoryLog();
    const { run, seqsTo } = broadcaster(log);
    await run(record(1), record(2));
    const once = [...log.entries];
    expect(await run(record(1), record(2))).toMatchObject({ appended: 0, delivery: { posted: 0 } });
    await run(record(2), record(3));
    expect(log.entries.slice(0, 2)).toEqual(once);
    expect(seqsTo('bob')).toEqual([1, 2, 3]);
  });

  test('lose none when their batch was not in order, and was cut in two', async () => {
    const log = memoryLog(entriesOf(Array.from({ length: 300 }, (_, index) => record(index))));
    const { run, seqsTo } = broadcaster(log);
    await run(record(302), record(303));
    await run(record(301), record(300));
    expect(log.entries.slice(300).map(({ uuid }) => uuid)).toEqual([
      'u302',
      'u303',
      'u300',
      'u301',
    ]);
    expect(seqsTo('bob')).toEqual([301, 302, 303, 304]);
    // Neither are they numbered twice, nor what comes again from long before.
    await run(record(300), record(302), record(2));
    expect(log.entries).toHaveLength(304);
  });

  test('are posted once more by another sandbox: the first may have died before its posts', async () => {
    const log = memoryLog(entriesOf([record(1), record(2)]));
    const { run, seqsTo, told } = broadcaster(log, { now: NOW + 59_999 });
    expect(await run(record(1), record(2), record(3))).toMatchObject({ appended: 1 });
    await run(record(1), record(2), record(3));
    expect(seqsTo('bob')).toEqual([1, 2, 3]);
    expect(told.get('bob')?.map(({ head }) => head)).toEqual([3, 3, 3]);
  });

  test('are not posted again when they got their numbers more than a minute ago', async () => {
    const log = memoryLog(entriesOf([record(1), record(2)]));
    const { run, told } = broadcaster(log, { now: NOW + 60_000 });
    expect(await run(record(1), record(2))).toMatchObject({ appended: 0 });
    expect(told.size).toBe(0);
  });

  test('[P8] let out and in whom they moved also when it is too late to tell of it, as things are now', async () => {
    const moved = (index: number, content: Content) => record(index, { content });
    const records = [
      moved(1, { kind: 'leave', member: 'bob', reason: 'banned' }),
      moved(2, { kind: 'leave', member: 'carol', reason: 'left' }),
      moved(3, { kind: 'join', member: 'dave' }),
      moved(4, { kind: 'join', member: 'erin' }),
    ];
    const log = memoryLog(entriesOf(records));
    const inRoom = ['carol', 'dave'];
    const { run, told, moves } = broadcaster(log, { inRoom, now: NOW + 60_000 });
    await run(...records);
    expect(moves.toSorted()).toEqual(['enter carol1', 'enter dave1', 'off bob1', 'off erin1']);
    expect(told.size).toBe(0);
  });

  test('[P8] let nobody in who has gone since, though they are to be told anew', async () => {
    const joined = record(1, { content: { kind: 'join', member: 'carol' } });
    const again = broadcaster(memoryLog(entriesOf([joined, record(2)])));
    await again.run(joined, record(2));
    expect(again.seqsTo('bob')).toEqual([1, 2]);
    expect(again.seqsTo('carol1')).toEqual([]);
    expect(again.moves).toEqual([]);
    const still = broadcaster(memoryLog(entriesOf([joined, record(2)])), { inRoom: ['carol'] });
    await still.run(joined, record(2));
    expect(still.seqsTo('carol1')).toEqual([1, 2]);
  });

  test('[P8] are told without a gap from the first that is due, or who came by one would not go by the next', async () => {
    const records = [
      record(1),
      record(2, { content: { kind: 'join', member: 'carol' } }),
      record(3, { content: { kind: 'leave', member: 'carol', reason: 'banned' } }),
      record(4),
    ];
    // The clock of the sandbox that numbered the third was a minute slow.
    const log = memoryLog(
      entriesOf(records, NOW).map((entry) =>
        entry.seq === 2 || entry.seq === 4 ? { ...entry, sequencedAt: NOW + 30_000 } : entry,
      ),
    );
    const { run, seqsTo, moves } = broadcaster(log, { now: NOW + 60_000, inRoom: ['carol'] });
    await run(...records);
    expect(seqsTo('bob')).toEqual([2, 3, 4]);
    expect(seqsTo('carol1')).toEqual([2, 3]);
    expect(moves).toEqual(['enter carol1', 'off carol1']);
  });

  test('are posted anew alone, when only the last of them were numbered within the minute', async () => {
    const [first, second] = entriesOf([record(1), record(2)]);
    if (!first || !second) throw new Error('no entries');
    const log = memoryLog([first, { ...second, sequencedAt: NOW + 30_000 }]);
    const { run, seqsTo } = broadcaster(log, { now: NOW + 60_000 });
    await run(record(1), record(2));
    expect(seqsTo('bob')).toEqual([2]);
  });

  test('that failed before their posts are posted by the same sandbox, too', async () => {
    const log = memoryLog();
    const online = [recipient('bob')];
    const { run, seqsTo } = broadcaster(failingOnce(log), { online });
    await expect(run(record(1), record(2))).rejects.toThrow('down');
    await run(record(1), record(2));
    expect(log.entries).toEqual(entriesOf([record(1), record(2)]));
    expect(seqsTo('bob')).toEqual([1, 2]);
  });
});

describe('another writer', () => {
  test('is met by a second look at the log, a consistent one', async () => {
    const log = memoryLog(entriesOf([record(1)]));
    const looks: unknown[] = [];
    const { run, seqsTo } = broadcaster(stale(log, 0, looks));
    await run(record(2));
    expect(looks).toEqual([false, true]);
    expect(log.entries).toEqual(entriesOf([record(1), record(2)]));
    expect(seqsTo('bob')).toEqual([2]);
  });

  test('who has appended the same batch leaves nothing to append', async () => {
    const log = memoryLog(entriesOf([record(1), record(2)]));
    const { run, seqsTo } = broadcaster(stale(log, 0));
    expect(await run(record(1), record(2))).toMatchObject({ appended: 0 });
    expect(log.entries).toEqual(entriesOf([record(1), record(2)]));
    // The other one may have died since.
    expect(seqsTo('bob')).toEqual([1, 2]);
  });

  test('who came between two puts leaves what was put, and the rest follows', async () => {
    const log = memoryLog();
    let calls = 0;
    const interrupted: Log = {
      ...log,
      async append(entries) {
        calls += 1;
        if (calls > 1) return log.append(entries);
        await log.append(entries.slice(0, 1));
        return 'taken';
      },
    };
    const { run, seqsTo } = broadcaster(interrupted);
    expect(await run(record(1), record(2))).toMatchObject({ appended: 1 });
    expect(log.entries).toEqual(entriesOf([record(1), record(2)]));
    expect(seqsTo('bob')).toEqual([1, 2]);
  });

  test('who never ends fails the batch after five tries, and nobody is told', async () => {
    let tries = 0;
    const taken: Log = {
      ...memoryLog(),
      append: async () => {
        tries += 1;
        return 'taken';
      },
    };
    const { run, told } = broadcaster(taken);
    await expect(run(record(1))).rejects.toThrow('Room r has another writer');
    expect(tries).toBe(5);
    expect(told.size).toBe(0);
  });
});

describe('an entry that is about a message', () => {
  const edit = (target: number, text = 'new'): Row => ({ content: { kind: 'edit', target, text } });
  const remove = (target: number): Row => ({ content: { kind: 'delete', target } });
  const react = (target: number): Row => ({
    content: { kind: 'reaction', target, emoji: '👍' },
  });

  test('[X1] is appended together with what it does to it, those around it in runs', async () => {
    const log = memoryLog();
    const writes: unknown[] = [];
    const { run, seqsTo } = broadcaster(writing(log, writes));
    await run(record(1), record(2), record(3, edit(1)), record(4), record(5));
    expect(writes).toEqual([[1, 2], { together: [3], changed: [1] }, [4, 5]]);
    expect(log.entries[0]).toMatchObject({
      said: { content: { text: 'new' } },
      state: { edited: 3 },
    });
    expect(log.entries.map(({ n }) => n)).toEqual([1, 2, 2, 3, 4]);
    expect(seqsTo('bob')).toEqual([1, 2, 3, 4, 5]);
  });

  test('[X3] does its work once, however often its record comes', async () => {
    const log = memoryLog();
    await broadcaster(log).run(record(1), record(2, react(1)));
    const once = [...log.entries];
    await broadcaster(log).run(record(1), record(2, react(1)));
    expect(log.entries).toEqual(once);
    expect(log.entries[0]?.state).toEqual({ reactions: { '👍': ['ann'] } });
  });

  test('[X3] shares a transaction with others: fifty reactions of one batch are two, not fifty', async () => {
    const log = memoryLog();
    const writes: unknown[] = [];
    const { run, seqsTo } = broadcaster(writing(log, writes));
    await run(record(1), record(2));
    const reactions = Array.from({ length: 50 }, (_, index) =>
      record(3 + index, { ...react(1 + (index % 2)), user: `user${index}` }),
    );
    await run(...reactions);
    expect(writes.slice(1)).toEqual([
      { together: reactions.slice(0, 25).map((_, index) => 3 + index), changed: [1, 2] },
      { together: reactions.slice(25).map((_, index) => 28 + index), changed: [2, 1] },
    ]);
    const [one, two] = log.entries;
    expect(one?.state?.reactions?.['👍']).toHaveLength(25);
    expect(two?.state?.reactions?.['👍']).toHaveLength(25);
    expect(seqsTo('bob')).toEqual(log.entries.map(({ seq }) => seq));
  });

  test('[X1] [X2] may be about a message of the same batch, and is told in the order in which it was said', async () => {
    const log = memoryLog();
    const { run, told } = broadcaster(log);
    await run(record(1), record(2, edit(1)), record(3), record(4, remove(3)), record(5, react(1)));
    expect(log.entries.map(({ said, state }) => [said?.content.kind, state])).toEqual([
      ['message', { edited: 2, edits: [2], reactions: { '👍': ['ann'] } }],
      ['edit', undefined],
      [undefined, { deleted: 4 }],
      ['delete', undefined],
      ['reaction', undefined],
    ]);
    expect(told.size).toBeGreaterThan(0);
  });

  test('[X2] erases the message and all its edits when it is a delete', async () => {
    const log = memoryLog();
    const writes: unknown[] = [];
    const { run } = broadcaster(writing(log, writes));
    await run(record(1), record(2, edit(1, 'one')), record(3), record(4, edit(1, 'two')));
    await run(record(5, remove(1)));
    expect(writes.at(-1)).toEqual({ together: [5], changed: [1, 2, 4] });
    expect(log.entries.filter(({ said }) => said === undefined).map(({ seq }) => seq)).toEqual([
      1, 2, 4,
    ]);
    expect(JSON.stringify(log.entries)).not.toMatch(/text 1|"one"|"two"/);
  });

  // How many edits a message has is asked when one is accepted; a burst of them is accepted at once.
  test('[X2] never changes more rows than one transaction holds, and still erases all words', async () => {
    const log = memoryLog();
    const writes: { changed?: number[] }[] = [];
    const { run } = broadcaster(writing(log, writes));
    await run(record(0));
    const burst = Array.from({ length: 200 }, (_, index) => record(index + 1, edit(1, 'secret')));
    await run(...burst.slice(0, 100));
    await run(...burst.slice(100));
    await run(record(201, remove(1)));
    for (const { changed = [] } of writes) expect(changed.length).toBeLessThan(100);
    expect(JSON.stringify(log.entries)).not.toMatch(/text 0|secret/);
  });

  test('keeps the chain that it would have had alone', async () => {
    const log = memoryLog();
    const records = [record(1), record(2, edit(1)), record(3, remove(1)), record(4, edit(1))];
    for (const one of records) await broadcaster(log).run(one);
    expect(log.entries.map(({ chain }) => chain)).toEqual(
      entriesOf(records).map(({ chain }) => chain),
    );
  });

  test('[X2] and that came after its delete says nothing, in the log or to anybody', async () => {
    const log = memoryLog();
    const { run, told, seqsTo } = broadcaster(log);
    await run(record(1), record(2, remove(1)));
    await run(record(3, edit(1, 'said after all')));
    expect(JSON.stringify(log.entries)).not.toContain('said after all');
    expect(seqsTo('bob')).toEqual([1, 2, 3]);
    expect(JSON.stringify(told.get('bob'))).not.toContain('said after all');
  });

  test('is numbered though there is no such message', async () => {
    const log = memoryLog();
    const { run } = broadcaster(log);
    await run(record(1), record(2, react(9)), record(3, react(3)));
    expect(log.entries.map(({ seq, state }) => [seq, state])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ]);
  });

  test('meets another writer as any other does', async () => {
    const log = memoryLog();
    let calls = 0;
    const interrupted: Log = {
      ...log,
      async appendWith(...change) {
        calls += 1;
        return calls === 1 ? 'taken' : log.appendWith(...change);
      },
    };
    const { run, seqsTo } = broadcaster(interrupted);
    await run(record(1), record(2, edit(1)), record(3));
    expect(log.entries.map(({ uuid }) => uuid)).toEqual(['u1', 'u2', 'u3']);
    expect(log.entries[0]?.state).toEqual({ edited: 2, edits: [2] });
    expect(seqsTo('bob')).toEqual([1, 2, 3]);
  });
});

/** A log whose looks that need not be consistent see only its first entries. */
function stale(log: Log, length: number, looks: unknown[] = []): Log {
  return {
    ...log,
    tail(room, count, options = {}) {
      const { consistent = true } = options;
      looks.push(consistent);
      return log.tail(room, count, consistent ? options : { ...options, before: length + 1 });
    },
  };
}

/** A log whose first append is written, and its answer lost. */
function failingOnce(log: Log): Log {
  let failed = false;
  return {
    ...log,
    async append(entries) {
      const appended = await log.append(entries);
      if (failed) return appended;
      failed = true;
      throw new Error('down');
    },
  };
}

/** A log that notes what was written together. */
function writing(log: Log, writes: unknown[]): Log {
  return {
    ...log,
    append(entries) {
      if (entries.length > 0) writes.push(entries.map(({ seq }) => seq));
      return log.append(entries);
    },
    appendWith(together, changed) {
      const seqs = (entries: readonly Entry[]) => entries.map(({ seq }) => seq);
      writes.push({ together: seqs(together), changed: seqs(changed) });
      return log.appendWith(together, changed);
    },
  };
}

describe('a large room', () => {
  const content = (kind: 'join' | 'leave', member: string): Row => ({
    content: kind === 'join' ? { kind, member } : { kind, member, reason: 'banned' },
  });

  /** The broadcaster of one; `waiting` says whether a job waits. */
  function large() {
    const happened: string[] = [];
    const jobs: object[] = [];
    const job = { waiting: false };
    const log = memoryLog();
    const broadcast = createBroadcastRoom({
      log,
      crowd: {
        async of() {
          happened.push('look');
          return { connections: 5_000 };
        },
      },
      online: {
        ...nobodyAsked,
        devicesOf: async (user) => [recipient(user, `${user}1`), recipient(user, `${user}2`)],
        enter: async ({ connection }) => void happened.push(`enter ${connection}`),
        leaveRoom: async (_room, left) => void happened.push(`off ${left.join(' ')}`),
      },
      members: { member: async () => undefined },
      fanOut: {
        isWaiting: () => job.waiting,
        async start(asked, connections) {
          jobs.push({ ...asked, connections });
          happened.push('job');
          return true;
        },
      },
      deliver: async (recipients, frames) => {
        const to = recipients.map(({ connection }) => connection);
        happened.push(`${frames.length} to ${to.join(' ')}`);
        return { posted: recipients.length, failed: 0, gone: [] };
      },
      forget: async () => {},
      deadLetters: { send: async () => {} },
      now: () => NOW,
    });
    return {
      job,
      jobs,
      happened,
      log,
      run: (...all: StreamRecord[]) => broadcast('r', all, LATER),
    };
  }

  test('is told of by a job, which has the first number and how many there are', async () => {
    const { run, jobs, happened } = large();
    await run(record(1), record(2));
    await run(record(3));
    expect(jobs).toEqual([
      { room: 'r', from: 1, without: [], connections: 5_000 },
      { room: 'r', from: 3, without: [], connections: 5_000 },
    ]);
    expect(happened).toEqual(['look', 'job', 'look', 'job']);
  });

  test('costs no more than the append while a job waits', async () => {
    const { run, job, happened, log } = large();
    job.waiting = true;
    expect(await run(record(1), record(2))).toMatchObject({ appended: 2 });
    expect(log.entries).toHaveLength(2);
    expect(happened).toEqual([]);
  });

  test.each([true, false])(
    '[P8] lets people in and out before others hear of it, a job waiting: %s',
    async (waiting) => {
      const { run, job, happened, jobs } = large();
      job.waiting = waiting;
      await run(record(1), record(2, content('leave', 'bob')), record(3, content('join', 'cat')));
      const before = ['2 to bob1 bob2', 'off bob1 bob2', 'enter cat1', 'enter cat2'];
      expect(happened).toEqual(waiting ? before : ['look', ...before, 'job']);
      expect(jobs).toEqual(
        waiting ? [] : [{ room: 'r', from: 1, without: ['bob'], connections: 5_000 }],
      );
    },
  );

  test('[M11] tells who meant another head, on all his devices', async () => {
    const { run, happened } = large();
    await run(record(1), record(2, { ifHead: 7 }));
    expect(happened).toEqual(['look', '1 to ann1 ann2', 'job']);
  });
});
