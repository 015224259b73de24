import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import type { FaultPlan } from '../../emulator/index.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import type { Device } from '../support/device.ts';

/**
 * Two people talk while everything around them goes wrong a little. Their devices are plain: they
 * connect again when they were cut, and send a message again, under its own uuid, until they hear
 * that it was accepted. What was accepted is in the log once, and in the order of each sender.
 */
const PLAN: FaultPlan = {
  seed: 11,
  rules: [
    { fault: 'post-gone', delivered: true, when: { rate: 0.05 } },
    { fault: 'post-lost', when: { rate: 0.1 } },
    { fault: 'post-throttled', when: { rate: 0.1 } },
    { fault: 'frame-lost', when: { every: 11 } },
    { fault: 'cut', where: { operation: 'post' }, when: { every: 17 } },
    { fault: 'half-open', where: { operation: 'message' }, when: { every: 19 } },
    { fault: 'disconnect-lost', when: { rate: 0.5 } },
    { fault: 'batch-duplicated', when: { rate: 0.2 } },
    { fault: 'batch-redelivered', when: { every: 4 } },
    {
      fault: 'function-crash',
      moment: 'after',
      where: { resource: '*Broadcast*' },
      when: { every: 9 },
    },
    { fault: 'function-crash', moment: 'middle', calls: 3, when: { every: 13 } },
    { fault: 'function-timeout', moment: 'before', when: { every: 16 } },
    { fault: 'function-throttled', when: { every: 15 } },
    {
      fault: 'dynamodb-failed',
      applied: true,
      where: { operation: 'PutItem', function: '*' },
      when: { every: 5 },
    },
    {
      fault: 'dynamodb-failed',
      where: { operation: 'UpdateItem', function: '*' },
      when: { every: 9 },
    },
    { fault: 'dynamodb-throttled', where: { function: '*' }, when: { rate: 0.03 } },
    { fault: 'dynamodb-conflict', where: { function: '*' }, when: { rate: 0.05 } },
    { fault: 'dynamodb-stale', where: { function: '*' }, when: { rate: 0.2 } },
    { fault: 'clock-skew', ms: 120_000, when: { every: 3 } },
  ],
};

const MESSAGES = 12;
/** Far more than it ever takes; a device that cannot get through must fail, and not hang. */
const ATTEMPTS_MAX = 100;

test('[L1] [L2] [L3] what was accepted under a mixed plan of faults is in the log once and in order', async () => {
  const chat = await startChat({ faults: PLAN });
  const said = await Promise.all(
    ['alice', 'bob'].map(async (user) => {
      const speaker = createSpeaker(chat, user);
      const texts = Array.from({ length: MESSAGES }, (_, index) => `${user} ${index}`);
      for (const text of texts) await speaker.say('lobby', text);
      return texts;
    }),
  );
  chat.cloud.faults.clear();
  await chat.settles();

  const log = await chat.log('lobby');
  expect(log.map((row) => Number(row['seq']))).toEqual(log.map((_, index) => index + 1));
  const texts = log.map(({ content }) => (JSON.parse(String(content)) as { text: string }).text);
  expect(texts.toSorted()).toEqual(said.flat().toSorted());
  for (const own of said) expect(texts.filter((text) => own.includes(text))).toEqual(own);
  expect(new Set(chat.cloud.faults.fired().map(({ fault }) => fault)).size).toBeGreaterThan(10);
});

interface Speaker {
  /** Resolves when the message was accepted. */
  say(room: string, text: string): Promise<void>;
}

function createSpeaker(chat: TestChat, user: string): Speaker {
  let device: Device | undefined;
  /** The answer to a frame; undefined when all is quiet, or the socket gone, and none has come. */
  const ask = async (to: Device, frame: { readonly uuid: string } & object) => {
    const answer = to.until(({ uuid, status }) => uuid === frame.uuid && status !== 'error');
    to.send(frame);
    const gone = to.closed.then(() => undefined);
    // What is on its way to the gateway is no activity yet.
    const quiet = turns().then(() => chat.settles());
    return Promise.race([answer, gone, quiet.then(() => undefined)]);
  };
  const signIn = async () => {
    const opened = await chat.connect().catch(() => undefined);
    if (opened === undefined) return undefined;
    const token = chat.tokens[user];
    const frame = { uuid: randomUUID(), action: 'authenticate', token, features: ['ack'] };
    return (await ask(opened, frame)) && opened;
  };
  return {
    async say(room, text) {
      const frame = { uuid: randomUUID(), action: 'new_message', room, text };
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        device ??= await signIn();
        const answer = device && (await ask(device, frame));
        if (answer !== undefined) return;
        device?.cut();
        device = undefined;
      }
      throw new Error(`${user} could not say ${text}`);
    },
  };
}

/** Turns of the event loop, in which a frame crosses the loopback. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
