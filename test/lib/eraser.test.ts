import { describe, expect, test } from 'vitest';

import { chatTemplate, readable } from './chat-template.ts';

const chat = chatTemplate();
const mapping = chat.properties('AWS::Lambda::EventSourceMapping', 'ChatEraser');

describe('the mapping', () => {
  test("brings the log's stream to the function that erases", () => {
    expect(readable(mapping['EventSourceArn'])).toBe('Messages.StreamArn');
    expect(readable(mapping['FunctionName'])).toBe('Erase');
    expect(mapping).not.toHaveProperty('Enabled', false);
  });

  test('begins with the oldest record there is', () => {
    expect(mapping['StartingPosition']).toBe('TRIM_HORIZON');
  });

  test('[X2] brings what takes words back, when it is appended: not what the erasing changes', () => {
    const { Filters } = mapping['FilterCriteria'] as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as object)).toEqual([
      {
        eventName: ['INSERT'],
        dynamodb: { NewImage: { kind: { S: ['delete', 'edit'] } } },
      },
    ]);
  });

  test('tries as long as the stream has the record, and halves what fails', () => {
    expect(mapping).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 86_400,
    });
    // Absent or -1 is without end.
    expect(mapping['MaximumRetryAttempts'] ?? -1).toBe(-1);
  });
});
