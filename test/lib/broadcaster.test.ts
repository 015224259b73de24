import { describe, expect, test } from 'vitest';

import { chatTemplate, readable } from './chat-template.ts';

const chat = chatTemplate();
const mapping = chat.properties('AWS::Lambda::EventSourceMapping', 'ChatBroadcaster');
const queue = chat.properties('AWS::SQS::Queue', 'ChatBroadcasterDeadLetters');

describe('the mapping', () => {
  test("is the only reader of the Inbox's stream", () => {
    const mappings = [...chat.ofType('AWS::Lambda::EventSourceMapping').values()];
    const sources = mappings.map(({ Properties }) => readable(Properties['EventSourceArn']));
    expect(sources.filter((source) => source.startsWith('Inbox'))).toEqual(['Inbox.StreamArn']);
    expect(readable(mapping['EventSourceArn'])).toBe('Inbox.StreamArn');
    expect(readable(mapping['FunctionName'])).toBe('Broadcast');
    expect(mapping).not.toHaveProperty('Enabled', false);
  });

  test('begins with the oldest record there is', () => {
    expect(mapping['StartingPosition']).toBe('TRIM_HORIZON');
  });

  test('[L1] brings one batch of a shard at a time', () => {
    expect(mapping['ParallelizationFactor']).toBe(1);
  });

  test('brings up to 100 records, as many as a transaction takes, and does not wait for them', () => {
    expect(mapping['BatchSize']).toBe(100);
    expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds');
    expect(mapping).not.toHaveProperty('TumblingWindowInSeconds');
  });

  test('goes on from the first record that failed', () => {
    expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  });

  test('halves a batch whose function failed altogether', () => {
    expect(mapping['BisectBatchOnFunctionError']).toBe(true);
  });

  test('waits out an outage of twelve hours', () => {
    expect(mapping).toMatchObject({
      MaximumRetryAttempts: 10_000,
      MaximumRecordAgeInSeconds: 12 * 3_600,
    });
  });

  test('puts the place of what it gives up into the queue', () => {
    const { OnFailure } = mapping['DestinationConfig'] as { OnFailure: { Destination: unknown } };
    expect(readable(OnFailure.Destination)).toBe('DeadLetters');
  });

  test('brings what was written, not what expired', () => {
    const { Filters } = mapping['FilterCriteria'] as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as object)).toEqual([
      { eventName: ['INSERT', 'MODIFY'] },
    ]);
  });
});

describe('the queue', () => {
  test('keeps what it is given for 14 days, encrypted', () => {
    expect(chat.ofType('AWS::SQS::Queue').size).toBe(1);
    expect(queue).toEqual({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true });
  });

  test('refuses whoever comes without TLS, and allows nobody more', () => {
    const [policy] = [...chat.ofType('AWS::SQS::QueuePolicy').values()];
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});
