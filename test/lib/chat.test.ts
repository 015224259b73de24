import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';

import type { ChatProps } from '../../lib/index.ts';
import { type ChatTemplate, chatTemplate } from './chat-template.ts';

const chat = chatTemplate();

function variables(name: string, template: ChatTemplate = chat) {
  const { Environment } = template.properties('AWS::Lambda::Function', `Chat${name}Function`);
  return (Environment as { Variables: Record<string, unknown> }).Variables;
}

const variablesWith = (name: string, props: ChatProps) => variables(name, chatTemplate(props));

describe('[M10] the rate of a connection', () => {
  test('is 20 messages a second and 200 at once', () => {
    const rate = { MESSAGES_PER_SECOND: '20', MESSAGES_BURST: '200' };
    expect(variables('NewMessage')).toMatchObject(rate);
    for (const name of ['SelectRoom', 'History', 'Sync', 'React', 'Pin']) {
      expect(variables(name)).toMatchObject(rate);
    }
  });

  test('is the one that is asked for', () => {
    expect(
      variablesWith('NewMessage', { connectionRate: { perSecond: 0.5, burst: 3 } }),
    ).toMatchObject({ MESSAGES_PER_SECOND: '0.5', MESSAGES_BURST: '3' });
  });

  test.each([
    [0, 10],
    [-1, 10],
    [Number.NaN, 10],
    [10, 0],
    [10, 0.5],
    [10, Number.NaN],
  ])('cannot be %d a second with a burst of %d', (perSecond, burst) => {
    expect(() => chatTemplate({ connectionRate: { perSecond, burst } })).toThrow(
      `connectionRate must have perSecond > 0 and burst >= 1, not ${perSecond} and ${burst}`,
    );
  });
});

describe('[M6] a uuid is remembered', () => {
  test('for 30 days', () => {
    for (const name of ['NewMessage', 'EditMessage', 'DeleteMessage', 'React', 'Pin']) {
      expect(variables(name)).toMatchObject({ INBOX_DAYS: '30' });
    }
  });

  test.each([
    ['2', Duration.days(2)],
    ['2.5', Duration.hours(60)],
    ['365', Duration.days(365)],
  ])('for %s days when that is asked for', (days, idempotency) => {
    expect(variablesWith('NewMessage', { idempotency })).toMatchObject({ INBOX_DAYS: days });
  });

  test.each([
    ['1', Duration.days(1)],
    ['0', Duration.days(0)],
    ['1.75', Duration.hours(42)],
  ])('never for %s days: a stream may bring a record again for one', (days, idempotency) => {
    expect(() => chatTemplate({ idempotency })).toThrow(
      `idempotency must be at least 2 days, not ${days}`,
    );
  });
});

describe('the origins that may connect', () => {
  test('are any, unless some are named', () => {
    expect(variables('Connect')).not.toHaveProperty('ALLOWED_ORIGINS');
  });

  test('are those that are named', () => {
    const allowedOrigins = ['https://a.example.com', 'https://b.example.com'];
    expect(variablesWith('Connect', { allowedOrigins })).toMatchObject({
      ALLOWED_ORIGINS: 'https://a.example.com https://b.example.com',
    });
  });

  test.each([
    ['none at all', [], /at least one/],
    ['a path', ['https://a.example.com/'], /a\.example\.com\//],
    ['no scheme', ['a.example.com'], /a\.example\.com/],
    ['two in one', ['https://a.example.com https://b.example.com'], /origins like/],
  ])('cannot be %s', (_what, allowedOrigins, message) => {
    expect(() => chatTemplate({ allowedOrigins })).toThrow(message);
  });
});
