import { describe, expect, test } from 'vitest';

import type { Bill, BillLine } from '../../../emulator/meter/bill.ts';
import { METER_PATH } from '../../../emulator/page/page-service.ts';
import { type TestChat, startChat } from '../../support/chat.ts';
import type { Device } from '../../support/device.ts';

/**
 * Goal: the bill of a real conversation is what the units say, worked out here by hand. Method: the
 * whole chat; every message by itself, which is the dearest case.
 */
const DEVICES = 4;
/** One from each device: a second one within 50 ms would cost the rate limit one more write. */
const MESSAGES = DEVICES;
const ROOM = 'lobby';

/** What a message of this design takes: design 8, and what `bench/units.ts` measures. */
const WRITES = { accept: 2, append: 1 };

const USD = { frame: 1e-6, invocation: 0.2e-6, write: 0.625e-6 };

/** Alice on some devices; what it took to get there is not on the bill. */
async function room(): Promise<{ readonly chat: TestChat; readonly devices: readonly Device[] }> {
  const chat = await startChat();
  const devices = [];
  for (let index = 0; index < DEVICES; index += 1) devices.push(await chat.signIn('alice'));
  await chat.settles();
  chat.cloud.meter.reset();
  return { chat, devices };
}

async function talk(chat: TestChat, devices: readonly Device[]): Promise<Bill> {
  for (const device of devices) {
    const said = device.say(ROOM, 'Hello');
    // Only then is it certain that the frame has left the socket, and that quiet means done.
    await device.until(({ uuid, status }) => uuid === said && status === 'success');
    await chat.settles();
  }
  return chat.cloud.bill();
}

const quantity = (lines: readonly BillLine[], ...whats: readonly string[]) =>
  lines.filter(({ what }) => whats.includes(what)).reduce((sum, line) => sum + line.quantity, 0);

describe('the bill of a conversation', () => {
  test('[DOC e7] has a unit for every message in and for every device it is told to', async () => {
    const { chat, devices } = await room();
    const { lines, messages } = await talk(chat, devices);
    expect(quantity(lines, 'messages in')).toBe(MESSAGES);
    expect(quantity(lines, 'messages out')).toBe(MESSAGES * DEVICES);
    expect(messages).toMatchObject({ in: MESSAGES, delivered: MESSAGES * DEVICES });
    const gateway = lines.filter(({ what }) => what.startsWith('messages '));
    expect(gateway.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(
      MESSAGES * (1 + DEVICES) * USD.frame,
      12,
    );
  });

  test('puts on the account of the route what its function did, and the rest on the stream function', async () => {
    const { chat, devices } = await room();
    const { lines } = await talk(chat, devices);
    const ofRoute = lines.filter(({ cause }) => cause !== undefined && 'route' in cause);
    const ofStream = lines.filter(({ cause }) => cause !== undefined && 'function' in cause);
    expect(new Set(ofRoute.map(({ cause }) => JSON.stringify(cause)))).toEqual(
      new Set([JSON.stringify({ api: ofRoute[0]?.resource, route: 'new_message' })]),
    );
    expect({
      in: quantity(ofRoute, 'messages in'),
      invocations: quantity(ofRoute, 'invocations'),
      writes: quantity(ofRoute, 'writes'),
      out: quantity(ofRoute, 'messages out'),
    }).toEqual({ in: MESSAGES, invocations: MESSAGES, writes: MESSAGES * WRITES.accept, out: 0 });
    expect({
      invocations: quantity(ofStream, 'invocations'),
      writes: quantity(ofStream, 'writes'),
      out: quantity(ofStream, 'messages out'),
    }).toEqual({
      invocations: MESSAGES,
      writes: MESSAGES * WRITES.append,
      out: MESSAGES * DEVICES,
    });
  });

  test('is for each message what its units cost, and all of it is on a service and on a cause', async () => {
    const { chat, devices } = await room();
    const { usd, lines, messages, byService, byRoute } = await talk(chat, devices);
    const certain =
      (1 + DEVICES) * USD.frame + 2 * USD.invocation + (WRITES.accept + WRITES.append) * USD.write;
    const billed = quantityUsd(lines, 'messages in', 'messages out', 'invocations', 'writes');
    expect(billed / MESSAGES).toBeCloseTo(certain, 12);
    expect(messages.usdPerMillionIn).toBeCloseTo((usd / MESSAGES) * 1e6, 9);
    expect(messages.usdPerMillionDelivered).toBeCloseTo((usd / MESSAGES / DEVICES) * 1e6, 9);
    for (const shares of [lines, byService, byRoute]) {
      expect(shares.reduce((sum, share) => sum + share.usd, 0)).toBeCloseTo(usd, 12);
    }
    // Duration, logs, reads and bytes depend on the machine and the texts; they are there, and small.
    for (const what of ['duration, arm64', 'ingestion', 'reads', 'data out']) {
      expect(quantity(lines, what)).toBeGreaterThan(0);
    }
    expect(quantity(lines, 'duration, x86_64')).toBe(0);
    expect(quantity(lines, 'stream reads, not by Lambda')).toBe(0);
  });

  test('names constructs by their paths', async () => {
    const { chat, devices } = await room();
    const { lines } = await talk(chat, devices);
    for (const { resource } of lines) expect(resource).toMatch(/^Parley\/[\w/]+$/);
    expect(lines.every(({ resource }) => !resource.endsWith('/Resource'))).toBe(true);
  });
});

const quantityUsd = (lines: readonly BillLine[], ...whats: readonly string[]) =>
  lines.filter(({ what }) => whats.includes(what)).reduce((sum, { usd }) => sum + usd, 0);

describe(METER_PATH, () => {
  test('serves the bill as JSON, with nothing that anybody said', async () => {
    const { chat, devices } = await room();
    const bill = await talk(chat, devices);
    const response = await fetch(`${chat.cloud.url}${METER_PATH}`);
    expect(response.headers.get('content-type')).toBe('application/json');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(bill)));
    for (const secret of ['Hello', ...Object.values(chat.tokens)]) {
      expect(text).not.toContain(secret);
    }
  });

  test('is for looking only, and is the only page', async () => {
    const { cloud } = await startChat();
    expect((await fetch(`${cloud.url}${METER_PATH}`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${cloud.url}${METER_PATH}?x=1`)).status).toBe(200);
    expect((await fetch(`${cloud.url}/_parley/other`)).status).toBe(404);
  });

  test('lets no page of another origin read it', async () => {
    const { cloud } = await startChat();
    const { headers } = await fetch(`${cloud.url}${METER_PATH}`, {
      headers: { origin: 'https://example.com' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
