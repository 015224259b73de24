import { expect, test } from 'vitest';

import { startChat } from '../support/chat.ts';

test('three people, one of them on two devices, talk in rooms selected and not, and everybody has the same history', async () => {
  const chat = await startChat();
  const alice = await chat.signIn('alice');
  const phone = await chat.signIn('alice');
  const bob = await chat.signIn('bob');
  const carol = await chat.signIn('carol');

  await alice.select('lobby');
  await bob.select('engineering');
  alice.say('lobby', 'Good morning');
  await bob.until((frame) => frame.message?.text === 'Good morning');
  bob.say('engineering', 'Deploying');
  await carol.until((frame) => frame.message?.text === 'Deploying');
  carol.say('engineering', 'Go ahead');
  await chat.settles();

  // Rooms are heard whether they are selected or not, on every device, by members alone.
  for (const device of [alice, phone, bob]) {
    expect(device.heard('lobby')).toEqual(['Good morning']);
    expect(device.heard('engineering')).toEqual(['Deploying', 'Go ahead']);
  }
  expect(carol.heard('lobby')).toEqual([]);
  expect(carol.heard('engineering')).toEqual(['Deploying', 'Go ahead']);

  const refused = await carol.select('lobby');
  expect(refused).toMatchObject({ status: 'error', code: 'invalid_room_id', room: 'lobby' });
  const forgery = await carol.ask({ action: 'new_message', room: 'lobby', text: 'Hello?' });
  expect(forgery).toMatchObject({ status: 'error', error_message: 'Invalid room id' });

  // A device that comes late sees what was said, with the numbers everybody saw.
  const late = await chat.signIn('bob');
  const history = await late.select('engineering');
  expect(history).toMatchObject({
    head: 2,
    room_messages: [
      { seq: 1, n: 1, user: { username: 'bob' }, text: 'Deploying', room: 'engineering' },
      { seq: 2, n: 2, user: { username: 'carol' }, text: 'Go ahead', room: 'engineering' },
    ],
  });
  expect(await chat.log('lobby')).toHaveLength(1);
});
