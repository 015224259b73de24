import { afterEach, describe, expect, test, vi } from 'vitest';

import { numberVariable, variable } from '../../lambdas/environment.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a variable', () => {
  test('is read by the name that the stack gave it', () => {
    vi.stubEnv('INBOX_TABLE', 'Inbox-1');
    expect(variable('inbox')).toBe('Inbox-1');
  });

  test.each([undefined, ''])('that is %j fails the start, with its name', (value) => {
    vi.stubEnv('INBOX_TABLE', value);
    expect(() => variable('inbox')).toThrow('The environment variable INBOX_TABLE is not set');
  });

  test('can be a fraction', () => {
    vi.stubEnv('MESSAGES_PER_SECOND', '0.5');
    expect(numberVariable('messagesPerSecond')).toBe(0.5);
  });

  test.each(['0', '-1', 'many', 'NaN', ' '])('cannot be the number %j', (value) => {
    vi.stubEnv('MESSAGES_PER_SECOND', value);
    expect(() => numberVariable('messagesPerSecond')).toThrow(
      'The variable MESSAGES_PER_SECOND must be a positive number',
    );
  });
});
