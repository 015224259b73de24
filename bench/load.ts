import { setTimeout as sleep } from 'node:timers/promises';

import { type LocalChat, startLocalChat } from '../bin/local-chat.ts';
import { people, sums } from './crowd.ts';
import { atMost, type Figure, median } from './figure.ts';
import { openSpeaker, type Speaker } from './speaker.ts';

/**
 * How much can be said until something is full, in one room and in many, and whether a message grows
 * dearer as its room grows old or the rooms become many. Speakers wait for their own message to come
 * back before they say the next: so many are under way at once, and no queue hides what is slow.
 */
const UNDER_WAY = [1, 16, 64];
const SECONDS = 5;

/** People in each room, who all hear everything. */
const SIZE = 2;
const ROOMS = 16;

/** A room that is old: so many entries. */
const OLD_ENTRIES = 3_000;
/** Rooms that have been spoken in, beside the one that is measured. */
const OTHER_ROOMS = 200;
const MESSAGES = 20;
/** Steady state: every message is a batch of its own. */
const PAUSE_MS = 60;
/** What the odd read of a list that is older than a moment adds, per message. */
const SLACK_UNITS = 0.05;

type Seat = readonly [speaker: Speaker, room: string];

interface Talk {
  /** Milliseconds until each message was back. */
  readonly waits: readonly number[];
  /** Of this process: gateway and functions, not the database. */
  readonly cores: number;
}

/** Says one thing after the other, `underWay` at once, until it is over. */
async function talk(
  seats: readonly Seat[],
  underWay: number,
  isOver: (said: number) => boolean,
): Promise<Talk> {
  const waits: number[] = [];
  const beganAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const speak = async (index: number) => {
    const seat = seats[index % seats.length];
    if (seat === undefined) return;
    const [speaker, room] = seat;
    while (!isOver(waits.length)) {
      const saidAt = performance.now();
      await speaker.say(room, `message ${waits.length}`);
      waits.push(performance.now() - saidAt);
    }
  };
  await Promise.all(Array.from({ length: underWay }, (_, index) => speak(index)));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { waits, cores: (user + system) / 1_000 / (performance.now() - beganAt) };
}

/** A room with its people, all signed in. */
async function seatsIn(chat: LocalChat, room: string): Promise<readonly Seat[]> {
  const tokens = await people(chat, room, SIZE);
  return Promise.all(tokens.map(async (token) => [await openSpeaker(chat, token), room] as const));
}

async function saturate(chat: LocalChat, rooms: number): Promise<readonly Figure[]> {
  const seats: Seat[] = [];
  for (let index = 0; index < rooms; index += 1) {
    seats.push(...(await seatsIn(chat, `load-${rooms}-${index}`)));
  }
  const figures: Figure[] = [];
  for (const underWay of UNDER_WAY) {
    await chat.cloud.settled();
    const until = performance.now() + SECONDS * 1_000;
    const { waits, cores } = await talk(seats, underWay, () => performance.now() >= until);
    figures.push({
      what: `${rooms === 1 ? 'one room' : `${rooms} rooms`}, ${underWay} under way: messages/s`,
      value: `${Math.round(waits.length / SECONDS)}, each back after ${median(waits).toFixed(0)} ms; ${cores.toFixed(1)} cores of this process`,
    });
  }
  for (const [speaker] of seats) speaker.close();
  return figures;
}

interface Units {
  readonly write: number;
  readonly read: number;
}

/** What a message costs in steady state. */
async function unitsOf(chat: LocalChat, [speaker, room]: Seat): Promise<Units> {
  await chat.cloud.settled();
  chat.cloud.meter.reset();
  for (let index = 0; index < MESSAGES; index += 1) {
    await speaker.say(room, `message ${index}`);
    await chat.cloud.settled();
    await sleep(PAUSE_MS);
  }
  const sum = sums(chat);
  const each = (count: string) => (sum[count] ?? 0) / MESSAGES;
  return { write: each('dynamodb.write'), read: each('dynamodb.read') };
}

async function aging(chat: LocalChat): Promise<readonly Figure[]> {
  const [seat, ...others] = await seatsIn(chat, 'old');
  if (seat === undefined) throw new Error('Nobody signed in');
  const young = await unitsOf(chat, seat);
  await talk([seat], 64, (said) => said >= OLD_ENTRIES);
  const old = await unitsOf(chat, seat);
  for (let index = 0; index < OTHER_ROOMS; index += 1) {
    await chat.directory.addRoom(`Room ${index}`, ['old-0'], `other-${index}`);
    await seat[0].say(`other-${index}`, 'first');
  }
  const beside = await unitsOf(chat, seat);
  for (const [speaker] of [seat, ...others]) speaker.close();
  return [
    { what: 'a message in a new room', value: `${young.write} write, ${young.read} read units` },
    ...dearer(`in a room of ${OLD_ENTRIES} entries`, old, young),
    ...dearer(`beside ${OTHER_ROOMS} rooms`, beside, young),
  ];
}

const dearer = (where: string, now: Units, before: Units): readonly Figure[] => [
  atMost(`a message ${where}: write units`, now.write, before.write + SLACK_UNITS),
  atMost(`a message ${where}: read units`, now.read, before.read + SLACK_UNITS),
];

export async function load(): Promise<readonly Figure[]> {
  const chat = await startLocalChat({
    streamPollMs: 0,
    // What is measured is the system, not what an account or one connection may send.
    quotas: 'off',
    chat: { connectionRate: { perSecond: 10_000, burst: 10_000 } },
  });
  const figures = [...(await saturate(chat, 1)), ...(await saturate(chat, ROOMS))];
  figures.push(...(await aging(chat)));
  await chat.close();
  return figures;
}
