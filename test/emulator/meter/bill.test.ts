import { describe, expect, test } from 'vitest';

import { billTable } from '../../../emulator/meter/bill-table.ts';
import { billOf } from '../../../emulator/meter/bill.ts';
import type { Cause } from '../../../emulator/meter/cause.ts';
import { createMeter } from '../../../emulator/meter/meter.ts';
import { PRICES } from '../../../emulator/meter/prices.ts';

/** Goal: counts times prices, added up in every direction. Method: pure; sums worked out by hand. */
const MILLION = 1_000_000;
const GB = 1_024 ** 3;

const say: Cause = { api: 'App/Api/Resource', route: 'say' };
const broadcast: Cause = { function: 'App/Broadcast/Resource' };

/** A million messages, each told to three, as AWS would meter them. */
function meterOfMillion() {
  const meter = createMeter();
  meter.add('messages.in', 'App/Api/Resource', MILLION, say);
  meter.add('frames.in', 'App/Api/Resource', MILLION, say);
  meter.add('messages.out', 'App/Api/Resource', 3 * MILLION, broadcast);
  meter.add('frames.out', 'App/Api/Resource', 3 * MILLION, broadcast);
  meter.add('lambda.requests', 'App/Say/Resource', MILLION, say);
  meter.add('dynamodb.write', 'App/Table/Resource', 2 * MILLION, say);
  meter.add('dynamodb.write', 'App/Table/Resource/index/ByUser', MILLION, say);
  meter.add('connection.minutes', 'App/Api/Resource', 4 * MILLION);
  meter.add('posts', 'App/Api/Resource', 3 * MILLION, broadcast);
  return meter;
}

const bill = () => billOf(meterOfMillion().entries());

describe('a price', () => {
  /** From the cost facts, 3.1: count, how many, USD. */
  test.each([
    ['DOC e', 'frames.in', MILLION, 1],
    ['DOC e', 'frames.out', MILLION, 1],
    ['DOC e', 'connection.minutes', MILLION, 0.25],
    ['SEC 3.1', 'transfer.out', GB, 0.09],
    ['SEC 3.1', 'lambda.requests', MILLION, 0.2],
    ['SEC 3.1', 'lambda.gbMs.x86_64', 1_000 * MILLION, 16.6667],
    ['SEC 3.1', 'lambda.gbMs.arm64', 1_000 * MILLION, 13.3334],
    ['SEC 3.1', 'dynamodb.write', MILLION, 0.625],
    ['SEC 3.1', 'dynamodb.read', MILLION, 0.125],
    ['UNV', 'dynamodb.streamReads', MILLION, 0.2],
    ['SEC', 'sqs.requests', MILLION, 0.4],
    ['SEC', 'logs.bytes', GB, 0.5],
  ])('[%s] of %s: %d cost %d USD', (_grade, count, amount, usd) => {
    const meter = createMeter();
    meter.add(count, 'R', amount);
    expect(billOf(meter.entries()).usd).toBeCloseTo(usd, 6);
  });

  test('names the page and the day it is from, and is there once for each count', () => {
    for (const { page, read } of PRICES) {
      expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/[\w-]+\/pricing\//);
      expect(read).toMatch(/^\d{4}-\d\d-\d\d$|^unverified$/);
    }
    const counts = PRICES.map(({ count }) => count);
    expect(new Set(counts).size).toBe(counts.length);
  });

  test('is added in one place', () => {
    const meter = createMeter();
    meter.add('new.count', 'App/New/Resource', 20);
    const price = {
      count: 'new.count',
      service: 'New',
      what: 'things',
      unit: 'tens',
      countsPerUnit: 10,
      usdPerUnit: 3,
      page: '',
      read: '',
    };
    expect(billOf(meter.entries(), [...PRICES, price]).lines).toEqual([
      { service: 'New', resource: 'App/New', what: 'things', quantity: 2, unit: 'tens', usd: 6 },
    ]);
  });
});

describe('a bill', () => {
  test('has a line for each resource, unit and cause, without what AWS does not bill', () => {
    const { lines } = bill();
    expect(
      lines.map(({ resource, what, quantity, usd }) => [resource, what, quantity, usd]),
    ).toEqual([
      ['App/Api', 'messages in', MILLION, 1],
      ['App/Api', 'messages out', 3 * MILLION, 3],
      ['App/Api', 'connections', 4 * MILLION, 1],
      ['App/Say', 'invocations', MILLION, expect.closeTo(0.2)],
      ['App/Table', 'writes', 2 * MILLION, 1.25],
      ['App/Table/index/ByUser', 'writes', MILLION, 0.625],
    ]);
    expect(lines[0]).toEqual({
      service: 'API Gateway',
      resource: 'App/Api',
      cause: { api: 'App/Api', route: 'say' },
      what: 'messages in',
      quantity: MILLION,
      unit: '32 KB units',
      usd: 1,
    });
    expect(lines[2]).not.toHaveProperty('cause');
  });

  test('adds up by service and by route, dearest first, to the same total', () => {
    const { usd, byService, byRoute } = bill();
    expect(usd).toBeCloseTo(7.075);
    expect(byService).toEqual([
      { service: 'API Gateway', usd: 5 },
      { service: 'DynamoDB', usd: 1.875 },
      { service: 'Lambda', usd: expect.closeTo(0.2) },
    ]);
    expect(byRoute.map(({ cause, usd }) => [cause, usd])).toEqual([
      [{ api: 'App/Api', route: 'say' }, expect.closeTo(3.075)],
      [{ function: 'App/Broadcast' }, 3],
      [undefined, 1],
    ]);
  });

  test('says what a million messages cost, in and delivered, of all and of a route', () => {
    const { messages, byRoute } = bill();
    expect(messages).toEqual({
      in: MILLION,
      delivered: 3 * MILLION,
      usdPerMillionIn: expect.closeTo(7.075),
      usdPerMillionDelivered: expect.closeTo(7.075 / 3),
    });
    expect(byRoute[0]?.messages).toEqual({
      in: MILLION,
      delivered: 0,
      usdPerMillionIn: expect.closeTo(3.075),
      usdPerMillionDelivered: undefined,
    });
  });

  test('of nothing is nothing', () => {
    expect(billOf([])).toMatchObject({
      lines: [],
      usd: 0,
      byService: [],
      byRoute: [],
      messages: { in: 0, delivered: 0, usdPerMillionIn: undefined },
    });
  });

  test('says the region and the day of its prices', () => {
    expect(bill()).toMatchObject({ region: 'us-east-1', pricesOf: '2026-09-21' });
  });
});

describe('a bill as a table', () => {
  test('shows resources by service, routes, and the price of a million messages', () => {
    const text = billTable(bill());
    expect(text.split('\n').map((line) => line.trimEnd().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'What AWS would bill for this run (us-east-1, prices of 2026-09-21, first tier, no free tier):',
      '',
      'API Gateway | 5.00000000',
      ' | App/Api | messages in | 1,000,000 32 KB units | 1.00000000',
      ' | App/Api | messages out | 3,000,000 32 KB units | 3.00000000',
      ' | App/Api | connections | 4,000,000 minutes | 1.00000000',
      'DynamoDB | 1.87500000',
      ' | App/Table | writes | 2,000,000 write units | 1.25000000',
      ' | App/Table/index/ByUser | writes | 1,000,000 write units | 0.62500000',
      'Lambda | 0.20000000',
      ' | App/Say | invocations | 1,000,000 requests | 0.20000000',
      'Total | 7.07500000',
      '',
      'By route | messages in | delivered | USD | USD per million in',
      ' | say | 1,000,000 | 0 | 3.07500000 | 3.08',
      ' | App/Broadcast (woken by no frame) | 0 | 3,000,000 | 3.00000000 | -',
      ' | (connections, and calls from outside) | 0 | 0 | 1.00000000 | -',
      '',
      '1,000,000 messages in: 7.08 USD per million',
      '3,000,000 messages delivered: 2.36 USD per million',
      '',
    ]);
  });

  test('names the API of a route only when there are several', () => {
    const meter = createMeter();
    meter.add('frames.in', 'App/One', 1, { api: 'App/One', route: 'say' });
    meter.add('frames.in', 'App/Two', 1, { api: 'App/Two', route: 'say' });
    expect(billTable(billOf(meter.entries()))).toContain('  App/Two say');
  });

  test('of nothing is short, and no number in it is none', () => {
    const text = billTable(billOf([]));
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(text).toContain('0 messages in: - USD per million');
  });
});
