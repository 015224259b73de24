import { setTimeout as sleep } from 'node:timers/promises';

import { type LocalChat, startLocalChat } from '../bin/local-chat.ts';
import type { Device } from '../test/support/device.ts';
import { people, signInAll, sums } from './crowd.ts';
import type { Figure } from './figure.ts';

/**
 * What each action costs in a room of ten people who all look at it with everything on: units,
 * invocations and posts, all that follows included (the stream's side, presence, receipts). What is
 * posted to the caller as the reply of a route is not a post, but is a frame all the same.
 */
const SIZE = 10;
const TIMES = 10;
const FEATURES = ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'];

/** Steady state: no burst of the rate limit, and every batch holds one entry. */
const PAUSE_MS = 60;

type Step = readonly [what: string, ask: (index: number) => Promise<unknown>];

/** In this order: what comes later is about the messages that came before. */
function steps(
  room: string,
  alice: Device,
  bob: Device,
  again: () => Promise<Device>,
): readonly Step[] {
  const halls: string[] = [];
  const guest = (index: number) => ({ user: guestName(index) });
  const ask = (action: string, fields: (index: number) => object = () => ({})): Step => [
    action,
    (index) => alice.ask({ action, room, ...fields(index) }),
  ];
  const target = (index: number) => ({ target: FIRST + index });
  return [
    ['connect, authenticate, select_room, and close', async () => (await again()).close()],
    ask('select_room'),
    ask('new_message', (index) => ({ text: `message ${index}` })),
    ask('edit_message', (index) => ({ ...target(index), text: 'changed' })),
    ask('react', (index) => ({ ...target(index), emoji: '👍' })),
    ask('pin', target),
    ask('delete_message', target),
    ask('history', () => ({ limit: 20 })),
    ['sync', () => alice.ask({ action: 'sync', rooms: { [room]: 1 } })],
    ['list_rooms', () => alice.ask({ action: 'list_rooms' })],
    ask('list_members'),
    ask('mark_read', (index) => ({ seq: FIRST + index })),
    [
      'typing',
      (index) =>
        (index % 2 === 0 ? alice : bob).ask({ action: 'typing', room, typing: index % 4 < 2 }),
    ],
    ask('signal', (index) => ({ data: { cursor: [index, index] } })),
    ['create_room', (index) => alice.ask({ action: 'create_room', name: `Room ${index}` })],
    [
      'create_room, public',
      async (index) => {
        await alice.ask({
          uuid: `hall-${index}`,
          action: 'create_room',
          name: 'Hall',
          kind: 'public',
        });
        const made = await alice.until(
          ({ uuid, status }) => uuid === `hall-${index}` && status === 'success',
        );
        halls.push(made.room ?? '');
      },
    ],
    ['join', (index) => bob.ask({ action: 'join', room: halls[index] })],
    ['leave', (index) => bob.ask({ action: 'leave', room: halls[index] })],
    ['open_direct', (index) => alice.ask({ action: 'open_direct', ...guest(index) })],
    ask('invite', guest),
    ask('set_role', (index) => ({ ...guest(index), role: 'moderator' })),
    ask('mute', (index) => ({ ...guest(index), seconds: 60 })),
    ask('kick', guest),
    ask('ban', guest),
    ask('unban', guest),
    ask('rename_room', (index) => ({ name: `Name ${index}` })),
    ask('set_slow_mode', () => ({ seconds: 0 })),
    ['list_public_rooms', () => alice.ask({ action: 'list_public_rooms' })],
  ];
}

/** People who are not in the room at first, one for each time. */
const guestName = (index: number) => `guest-${index}`;

/** The first new message: before it are the joins of all. */
const FIRST = SIZE + 1;

async function costs(chat: LocalChat): Promise<readonly Figure[]> {
  const tokens = await people(chat, 'people', SIZE);
  for (let index = 0; index < TIMES; index += 1) await chat.directory.addUser(guestName(index));
  const devices = await signInAll(chat, tokens, FEATURES);
  const [alice, bob] = devices;
  if (alice === undefined || bob === undefined) throw new Error('Nobody signed in');
  await alice.ask({ uuid: 'made', action: 'create_room', name: 'Actions' });
  const { room = '' } = await alice.until(
    ({ uuid, status }) => uuid === 'made' && status === 'success',
  );
  for (let index = 1; index < SIZE; index += 1) {
    await alice.ask({ action: 'invite', room, user: `people-${index}` });
  }
  await chat.cloud.settled();
  for (const device of devices) await device.select(room);
  const again = async () => {
    const [device] = await signInAll(chat, tokens.slice(0, 1), FEATURES);
    if (device === undefined) throw new Error('Nobody signed in');
    await device.select(room);
    return device;
  };
  const figures: Figure[] = [];
  for (const [what, ask] of steps(room, alice, bob, again)) {
    await chat.cloud.settled();
    chat.cloud.meter.reset();
    for (let index = 0; index < TIMES; index += 1) {
      await ask(index);
      await chat.cloud.settled();
      await sleep(PAUSE_MS);
    }
    const sum = sums(chat);
    const each = (count: string) => Number(((sum[count] ?? 0) / TIMES).toFixed(2));
    figures.push({
      what,
      value: `${each('dynamodb.write')} write, ${each('dynamodb.read')} read, ${each('lambda.requests')} invocations, ${each('posts')} posts`,
    });
  }
  await Promise.all(devices.map((device) => device.close()));
  return figures;
}

export async function actions(): Promise<readonly Figure[]> {
  // Shorter windows change no count here: one action is all that each gathers.
  const chat = await startLocalChat({ streamPollMs: 0, batchingWindowScale: 0.05 });
  const figures = await costs(chat);
  await chat.close();
  return figures;
}
