import { expect, test } from 'vitest';

import { rewriteEndpoints } from '../../emulator/endpoints.ts';

const endpoints = { apis: { abc123defg: 'http://127.0.0.1:4510' }, base: 'http://127.0.0.1:4500' };
const host = 'abc123defg.execute-api.eu-west-1.amazonaws.com';

test.each([
  ['the callback URL of a stage', `https://${host}/prod`, 'http://127.0.0.1:4510/prod'],
  ['the URL of a stage', `wss://${host}/prod`, 'ws://127.0.0.1:4510/prod'],
  ['the endpoint of an API', `wss://${host}`, 'ws://127.0.0.1:4510'],
  [
    'several in one text',
    `{"a":"wss://${host}/a","b":"https://${host}/b"}`,
    '{"a":"ws://127.0.0.1:4510/a","b":"http://127.0.0.1:4510/b"}',
  ],
  ['one in China', `wss://${host}.cn/prod`, 'ws://127.0.0.1:4510/prod'],
  [
    'the URL of a queue',
    'https://sqs.eu-west-1.amazonaws.com/000000000000/Chat-Dead.fifo',
    'http://127.0.0.1:4500/000000000000/Chat-Dead.fifo',
  ],
])('[EXP i] rewrites %s', (_title, text, expected) => {
  expect(rewriteEndpoints(text, endpoints)).toBe(expected);
});

test.each([
  ['another API', 'wss://zzzzzzzzzz.execute-api.eu-west-1.amazonaws.com/prod'],
  [
    'an API named like a property of every object',
    'wss://constructor.execute-api.eu-west-1.amazonaws.com/prod',
  ],
  ['a host that only begins like it', `wss://${host}.example.org/prod`],
  ['an ARN', 'arn:aws:execute-api:eu-west-1:000000000000:abc123defg/prod/*/@connections/*'],
  ['another service', 'https://dynamodb.eu-west-1.amazonaws.com'],
  ['any other text', 'chat-table'],
])('leaves %s as it is', (_title, text) => {
  expect(rewriteEndpoints(text, endpoints)).toBe(text);
});
