import { expect, test } from 'vitest';

import { errorReply } from '../../protocol/replies.ts';

test('answers a refusal with what is known of its envelope, its code and its sentence', () => {
  expect(errorReply({ refused: 'invalid_token', uuid: '1', action: 'authenticate' })).toEqual({
    uuid: '1',
    action: 'authenticate',
    status: 'error',
    code: 'invalid_token',
    error_message: 'Invalid authentication token',
  });
});

test('[E2] answers a frame of which nothing could be read with nulls', () => {
  const reply = errorReply({ refused: 'invalid_json', uuid: null, action: null });
  expect(reply).toMatchObject({ uuid: null, action: null, code: 'invalid_json' });
});

test('repeats the room, and says in seconds when to try again', () => {
  const reply = errorReply({
    refused: 'rate_limited',
    uuid: '1',
    action: 'new_message',
    room: 'r',
    retryAfter: 0.05,
  });
  expect(reply).toMatchObject({ room: 'r', retry_after: 0.05 });
});

test.each([0, 7])('[M11] says the head %d that the room has moved to', (head) => {
  const reply = errorReply({
    refused: 'head_moved',
    uuid: '1',
    action: 'new_message',
    room: 'r',
    head,
  });
  expect(reply).toMatchObject({ code: 'head_moved', room: 'r', head });
});
