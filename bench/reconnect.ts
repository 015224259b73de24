import { type LocalChat, startLocalChat } from '../bin/local-chat.ts';
import { people, several, signIn, sums } from './crowd.ts';
import { atMost, type Figure } from './figure.ts';

/**
 * A mass reconnect: everybody in a room, all of them looking at it with presence on, is cut without a
 * word and comes back at once, signs in, selects the room and syncs. If each arrival were told to each
 * person, the posts would grow with the square of their number. They grow with the number times the
 * batching windows it takes (2 s each), of which the cut is one. Of more than 500 nobody is told.
 */
const SIZES = [250, 500, 1_000];
const FEATURES = ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'];

async function comeBack(chat: LocalChat, size: number): Promise<readonly Figure[]> {
  const room = `reconnect-${size}`;
  const tokens = await people(chat, room, size);
  const arrive = () =>
    several(size, async (index) => {
      const device = await signIn(chat, tokens[index] ?? '', FEATURES);
      await device.select(room);
      await device.ask({ action: 'sync', rooms: { [room]: 0 } });
      return device;
    });
  const before = await arrive();
  await chat.cloud.settled();
  chat.cloud.meter.reset();

  for (const device of before) device.cut();
  const began = performance.now();
  const after = await arrive();
  const seconds = (performance.now() - began) / 1_000;
  await chat.cloud.settled();
  const { posts = 0, 'dynamodb.write': write = 0, 'dynamodb.read': read = 0 } = sums(chat);
  await Promise.all(after.map((device) => device.close()));
  await chat.cloud.settled();

  const of = `${size} people, back within ${seconds.toFixed(1)} s:`;
  // A window for every 2 s of the return, one that had begun before it and one that ends after it.
  const windows = Math.ceil(seconds / 2) + 2;
  return [
    { what: `${of} posts (each told of each: ${size * size})`, value: String(posts) },
    atMost(
      `${of} posts per person, at most 2 frames in each of ${windows} windows`,
      posts / size,
      2 * windows,
    ),
    { what: `${of} write units per person`, value: (write / size).toFixed(1) },
    { what: `${of} read units per person`, value: (read / size).toFixed(1) },
  ];
}

export async function reconnect(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const chat = await startLocalChat();
    figures.push(...(await comeBack(chat, size)));
    await chat.close();
  }
  return figures;
}
