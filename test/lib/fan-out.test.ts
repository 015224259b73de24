import { describe, expect, test } from 'vitest';

import type { ChatProps } from '../../lib/index.ts';
import { chatTemplate, readable } from './chat-template.ts';

const chat = chatTemplate();

const variables = (name: string, props: ChatProps = {}) => {
  const template = Object.keys(props).length === 0 ? chat : chatTemplate(props);
  const { Environment } = template.properties('AWS::Lambda::Function', `Chat${name}Function`);
  return (Environment as { Variables: Readonly<Record<string, unknown>> }).Variables;
};

const BROADCAST = 'BroadcasterBroadcast';
const JOB = 'LargeRoomsFanOut';

describe('large rooms', () => {
  test('are those with more than 2,000 connections, and share 8,000 posts a second', () => {
    for (const name of [BROADCAST, JOB]) {
      expect(variables(name)).toMatchObject({ LARGE_ROOM: '2000', POSTS_PER_SECOND: '8000' });
    }
  });

  test('are as large, and have as many posts, as is asked for', () => {
    const props = { largeRoom: 10, postsPerSecond: 500 };
    for (const name of [BROADCAST, JOB]) {
      expect(variables(name, props)).toMatchObject({ LARGE_ROOM: '10', POSTS_PER_SECOND: '500' });
    }
  });

  test.each([
    ['largeRoom', 0],
    ['postsPerSecond', -1],
    ['postsPerSecond', Number.NaN],
  ])('cannot have %s %d', (name, value) => {
    expect(() => chatTemplate({ [name]: value })).toThrow(
      `${name} must be greater than 0, not ${value}`,
    );
  });

  test('are posted to by jobs that the broadcaster starts, and shares that they start', () => {
    expect(readable(variables(BROADCAST)['FAN_OUT_FUNCTION'])).toBe('FanOut');
    expect(readable(variables(JOB)['DELIVER_FUNCTION'])).toBe('Deliver');
  });
});

test.each(['LargeRoomsFanOut', 'LargeRoomsDeliver'])(
  'a post is a hint: %s is not tried again, nor begun when it is a minute old',
  (name) => {
    const config = chat.properties('AWS::Lambda::EventInvokeConfig', `Chat${name}`);
    expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  },
);
