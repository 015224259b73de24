import { setTimeout as sleep } from 'node:timers/promises';

import type { LocalChat } from '../bin/local-chat.ts';
import { type Device, openDevice } from '../test/support/device.ts';

/** Many people on many sockets, for the benches that need a full room. */

/** Connections signed in at once; more would only queue. */
const SIGN_INS = 16;

/** Does the same for so many, some at a time; the results in their order. */
export async function several<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < count) {
    const group = Math.min(SIGN_INS, count - results.length);
    const from = results.length;
    results.push(
      ...(await Promise.all(Array.from({ length: group }, (_, index) => work(from + index)))),
    );
  }
  return results;
}

/** Opens a socket for each token, signed in. */
export const signInAll = (
  chat: LocalChat,
  tokens: readonly string[],
  features: readonly string[],
): Promise<readonly Device[]> =>
  several(tokens.length, (index) => signIn(chat, tokens[index] ?? '', features));

export async function signIn(
  chat: LocalChat,
  token: string,
  features: readonly string[],
): Promise<Device> {
  const device = await connect(chat);
  await device.authenticate(token, features);
  return device;
}

/** Milliseconds until somebody who was turned away tries again. */
const PAUSE_MS = 100;

/**
 * A socket. When a thousand are cut at the same moment, their `$disconnect`s take all of the account's
 * 1,000 concurrent invocations, and who comes back just then is turned away, as on AWS.
 */
async function connect(chat: LocalChat): Promise<Device> {
  for (;;) {
    try {
      return await openDevice(chat.cloud.apis[0]?.websocket ?? '');
    } catch {
      await sleep(PAUSE_MS);
    }
  }
}

/** One person on so many devices, alone in a room. */
export async function crowdOfOne(
  chat: LocalChat,
  room: string,
  size: number,
  features: readonly string[] = ['batch'],
): Promise<readonly Device[]> {
  const user = `crowd-${room}`;
  await chat.directory.addUser(user);
  await chat.directory.addRoom(`Room of ${size}`, [user], room);
  const token = await chat.directory.issueToken(user, 1);
  return signInAll(
    chat,
    Array.from({ length: size }, () => token),
    features,
  );
}

/** So many people in a room; answers their tokens. */
export async function people(
  chat: LocalChat,
  room: string,
  size: number,
): Promise<readonly string[]> {
  const names = Array.from({ length: size }, (_, index) => `${room}-${index}`);
  for (const name of names) await chat.directory.addUser(name);
  await chat.directory.addRoom(`Room of ${size}`, names, room);
  return several(size, (index) => chat.directory.issueToken(names[index] ?? '', 1));
}

/** What the meter has counted, over all resources. */
export const sums = (chat: LocalChat): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(chat.cloud.meter.read()).map(([count, byResource]) => [
      count,
      Object.values(byResource).reduce((sum, value) => sum + value, 0),
    ]),
  );
