import { describe, expect, test } from 'vitest';

import { chatTemplate, readable } from './chat-template.ts';

const chat = chatTemplate();
const mapping = (name: string) =>
  chat.properties('AWS::Lambda::EventSourceMapping', `ChatDigests${name}`);

describe.each([
  ['Presence', 'Connections', 2],
  ['Receipts', 'Rooms', 1],
])('%s', (name, table, seconds) => {
  test(`[V5] [V8] gathers what the stream of ${table} brings within ${seconds} s`, () => {
    expect(readable(mapping(name)['EventSourceArn'])).toBe(`${table}.StreamArn`);
    expect(readable(mapping(name)['FunctionName'])).toBe(name);
    expect(mapping(name)).toMatchObject({
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: seconds,
    });
  });

  test('begins with now, and gives up what is minutes old', () => {
    expect(mapping(name)).toMatchObject({
      StartingPosition: 'LATEST',
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 300,
    });
  });
});

const patterns = (name: string) =>
  (mapping(name)['FilterCriteria'] as { Filters: { Pattern: string }[] }).Filters.map(
    ({ Pattern }) => JSON.parse(Pattern) as object,
  );

test('presence is not woken by messages: of Connections it hears who comes, goes and looks', () => {
  const rows = (eventName: string[], prefix: string) => ({
    eventName,
    dynamodb: { Keys: { pk: { S: [{ prefix }] } } },
  });
  expect(patterns('Presence')).toEqual([
    {
      eventName: ['INSERT', 'REMOVE'],
      // The row that says how large a room is is nobody who comes.
      dynamodb: {
        Keys: { pk: { S: [{ prefix: 'room#' }] }, sk: { S: [{ 'anything-but': ['#shards'] }] } },
      },
    },
    rows(['INSERT', 'MODIFY'], 'view#'),
    rows(['REMOVE'], 'user#'),
  ]);
});

test('receipts hear of Rooms what changes of its members', () => {
  expect(patterns('Receipts')).toEqual([
    { eventName: ['MODIFY'], dynamodb: { Keys: { entry: { S: [{ prefix: 'member#' }] } } } },
  ]);
});
