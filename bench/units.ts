import { setTimeout as sleep } from 'node:timers/promises';

import { addDemo } from '../bin/demo.ts';
import { type LocalChat, startLocalChat } from '../bin/local-chat.ts';
import { openDevice } from '../test/support/device.ts';
import { crowdOfOne, sums } from './crowd.ts';
import { atMost, type Figure } from './figure.ts';

/**
 * What one message costs, in the units AWS bills, for rooms of several sizes: write and read units as
 * the engine reports them (`ReturnConsumedCapacity`), invocations and posts as the emulator counts
 * them. Every message is a batch of its own, which is the dearest case.
 */
const ROOM_SIZES = [2, 10, 100, 1_000];
const MESSAGES = 20;

/** Between two messages of one connection, which may send 20 a second: steady state, no burst. */
const PAUSE_MS = 60;

async function costOf(chat: LocalChat, size: number): Promise<readonly Figure[]> {
  const room = `room-${size}`;
  const devices = await crowdOfOne(chat, room, size);
  const [speaker] = devices;
  const bystander = await openDevice(chat.cloud.apis[0]?.websocket ?? '');
  await bystander.authenticate(await chat.directory.issueToken('alice', 1));
  const heardBefore = bystander.frames.length;
  await chat.cloud.settled();
  chat.cloud.meter.reset();
  for (let index = 0; index < MESSAGES; index += 1) {
    speaker?.say(room, `message ${index}`);
    await chat.cloud.settled();
    await sleep(PAUSE_MS);
  }
  const sum = sums(chat);
  const perMessage = (count: string) => (sum[count] ?? 0) / MESSAGES;
  const outside = bystander.frames.length - heardBefore;
  await Promise.all([bystander, ...devices].map((device) => device.close()));
  await chat.cloud.settled();
  return [
    atMost(`room of ${size}: write units per message`, perMessage('dynamodb.write'), 3),
    atMost(`room of ${size}: read units per message`, perMessage('dynamodb.read'), 2 + size / 80),
    {
      what: `room of ${size}: invocations per message`,
      value: String(perMessage('lambda.requests')),
    },
    { what: `room of ${size}: posts per message`, value: String(perMessage('posts')) },
    atMost(`room of ${size}: posts outside the room`, outside, 0),
  ];
}

/** Seconds of talk, and messages a second, in a room of so many. */
const TALK = { seconds: 15, rate: 10, size: 100 };

/** Frames for each delivered message when ten people talk at once and polls come as on AWS. */
async function frames(chat: LocalChat): Promise<Figure> {
  const room = 'talk';
  const devices = await crowdOfOne(chat, room, TALK.size);
  await chat.cloud.settled();
  chat.cloud.meter.reset();
  for (let index = 0; index < TALK.seconds * TALK.rate; index += 1) {
    devices[index % TALK.rate]?.say(room, `message ${index}`);
    await sleep(1_000 / TALK.rate);
  }
  await chat.cloud.settled();
  const delivered = devices.reduce((sum, device) => sum + device.heard(room).length, 0);
  const posts = sums(chat)['posts'] ?? 0;
  await Promise.all(devices.map((device) => device.close()));
  return atMost(
    `room of ${TALK.size} at ${TALK.rate} messages/s: frames per delivered message`,
    posts / delivered,
    0.35,
  );
}

export async function units(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const chat = await startLocalChat({ streamPollMs: 0 });
  await addDemo(chat.directory);
  for (const size of ROOM_SIZES) figures.push(...(await costOf(chat, size)));
  await chat.close();
  const polled = await startLocalChat();
  figures.push(await frames(polled));
  await polled.close();
  return figures;
}
