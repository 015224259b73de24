import { afterEach, describe, expect, test, vi } from 'vitest';

import { type Answer, answerFrame, type FrameEvent, replyTo } from '../../../lambdas/core/reply.ts';
import { report } from '../../../lambdas/core/report.ts';

const SECRET = { uuid: 'uuid-7d1f', token: 'YW5u.c2VjcmV0', text: 'meet me at nine', room: 'r-42' };

const event = (body: string | undefined): FrameEvent => ({
  requestContext: { connectionId: 'connection-AbC=', routeKey: 'new_message' },
  ...(body === undefined ? {} : { body }),
});

const lines = () =>
  vi.spyOn(console, 'log').mockImplementation(() => undefined).mock.calls as [string][];
afterEach(() => {
  vi.restoreAllMocks();
});

const accepted: Answer = {
  uuid: SECRET.uuid,
  action: 'new_message',
  status: 'accepted',
  room: SECRET.room,
};
const refused: Answer = {
  refused: 'rate_limited',
  uuid: SECRET.uuid,
  action: 'new_message',
  room: SECRET.room,
  retryAfter: 2,
};

describe('a frame', () => {
  test('is handed to its route as text, with its connection', async () => {
    lines();
    const asked: string[][] = [];
    const answer = async (...given: string[]): Promise<Answer> => {
      asked.push(given);
      return undefined;
    };
    await answerFrame(event('{}'), answer);
    await answerFrame(event(undefined), answer);
    expect(asked).toEqual([
      ['{}', 'connection-AbC='],
      ['', 'connection-AbC='],
    ]);
  });

  test('[E6] that is refused is answered with its error frame', async () => {
    lines();
    const { body = '' } = await replyTo(event('{}'), async () => refused);
    expect(JSON.parse(body)).toEqual({
      uuid: SECRET.uuid,
      action: 'new_message',
      room: SECRET.room,
      status: 'error',
      code: 'rate_limited',
      error_message: 'Too many messages, try again later',
      retry_after: 2,
    });
  });

  test('that is answered gets its reply, and one without an answer no body', async () => {
    lines();
    const answered = await replyTo(event('{}'), async () => accepted);
    expect(answered).toEqual({ statusCode: 200, body: JSON.stringify(accepted) });
    expect(await replyTo(event('{}'), async () => undefined)).toEqual({ statusCode: 200 });
  });

  test('whose route throws is left to Lambda', async () => {
    const logged = lines();
    const broken = async (): Promise<Answer> => {
      throw new Error('down');
    };
    await expect(replyTo(event('{}'), broken)).rejects.toThrow('down');
    expect(logged).toEqual([]);
  });
});

describe('the log', () => {
  test.each([
    ['accepted', accepted, 'accepted'],
    ['refused', refused, 'rate_limited'],
    ['answered nothing', undefined, 'ok'],
  ])(
    'has one line of a frame that is %s: route, outcome, duration',
    async (_what, answer, outcome) => {
      const logged = lines();
      await replyTo(event(JSON.stringify(SECRET)), async () => answer);
      expect(logged.map(([line]) => JSON.parse(line) as object)).toEqual([
        { route: 'new_message', outcome, durationMs: expect.any(Number) as number },
      ]);
    },
  );

  test('has nothing of a text, a token, a uuid, a room or a connection', async () => {
    const logged = lines();
    for (const answer of [accepted, refused, undefined]) {
      await replyTo(event(JSON.stringify(SECRET)), async () => answer);
    }
    const all = logged.flat().join('\n');
    for (const secret of [...Object.values(SECRET), 'connection-AbC=']) {
      expect(all).not.toContain(secret);
    }
  });

  test('has one line of JSON for each report, whatever is in its fields', () => {
    const logged = lines();
    report({ route: 'broadcast', reason: 'line\nbreak "quoted"', posted: 3, failed: undefined });
    expect(logged).toEqual([
      ['{"route":"broadcast","reason":"line\\nbreak \\"quoted\\"","posted":3}'],
    ]);
  });
});
