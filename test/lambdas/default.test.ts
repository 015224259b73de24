import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { handler } from '../../lambdas/default.ts';
import { ACTIONS } from '../../protocol/actions.ts';

beforeEach(() => {
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function answerTo(body: string | undefined): Promise<unknown> {
  const requestContext = { connectionId: 'c', routeKey: '$default' };
  const answered = await handler({ requestContext, ...(body === undefined ? {} : { body }) });
  expect(answered.statusCode).toBe(200);
  return JSON.parse(answered.body ?? 'null');
}

describe('a frame that no other route took', () => {
  test.each(['hello', '', undefined])('[E2] is no JSON when it is %j', async (body) => {
    expect(await answerTo(body)).toEqual({
      uuid: null,
      action: null,
      status: 'error',
      code: 'invalid_json',
      error_message: 'Message is not valid JSON',
    });
  });

  test('[E3] lacks a uuid or an action', async () => {
    expect(await answerTo('{"action":"authenticate"}')).toMatchObject({
      uuid: null,
      action: 'authenticate',
      code: 'invalid_message_format',
    });
  });

  test('[E6] is answered with the room it named', async () => {
    const frame = JSON.stringify({ uuid: '1', action: 'shout', room: 'r' });
    expect(await answerTo(frame)).toMatchObject({ code: 'invalid_payload', room: 'r' });
  });

  test('[E4] is told of every action there is', async () => {
    const frame = JSON.stringify({ uuid: '1', action: 'shout' });
    const { error_message } = (await answerTo(frame)) as { error_message: string };
    for (const action of ACTIONS) expect(error_message).toContain(`'${action}'`);
  });

  test.each(['shout', '__proto__', 'constructor', '$connect', '$disconnect', '$default'])(
    '[E4] asks for %s, which is no action',
    async (action) => {
      const frame = JSON.stringify({ uuid: '1', action });
      expect(await answerTo(frame)).toMatchObject({ uuid: '1', action, code: 'invalid_payload' });
    },
  );
});
