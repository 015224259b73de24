/**
 * Asks something on one socket: the frame goes out, its answer becomes an outcome, and a server that is
 * too busy for it gets it again, under the same uuid, when it asked to.
 */
import { FRAME_MAX_BYTES } from '../../protocol/limits.ts';
import { ASKS_MAX_COUNT, type Asks } from './asks.ts';
import type { Answer, Frame, LineOptions } from './line.ts';
import { toWaitMs } from './retry-after.ts';

/** How long an answer may take. */
export const ANSWER_MAX_MS = 10_000;

/** How often a frame goes out again after `rate_limited`. */
export const REPEATS_MAX_COUNT = 3;

/** What a request comes to after `close`. */
export const CLOSED: Answer = { ok: false, code: 'closed', message: 'The connection was closed' };

/** What a request comes to without a connection. */
export const OFFLINE: Answer = { ok: false, code: 'offline', message: 'There is no connection' };

/** What the request comes to that is one too many. */
export const TOO_MANY: Answer = {
  ok: false,
  code: 'rate_limited',
  message: `At most ${ASKS_MAX_COUNT} requests can be under way`,
  retryAfter: 1,
};

/** What a request comes to that JSON cannot say. */
export const NO_JSON: Answer = {
  ok: false,
  code: 'invalid_json',
  message: 'The frame cannot be written as JSON',
};

const TIMED_OUT: Answer = {
  ok: false,
  code: 'timed_out',
  message: 'The server did not answer in time',
};

export interface RequestsOptions extends Pick<LineOptions, 'clock' | 'problem'> {
  readonly asks: Asks;
  readonly send: (text: string) => void;
}

export type Request = (frame: Frame, uuid: string) => Promise<Answer>;

export function createRequest({ asks, send, clock, problem }: RequestsOptions): Request {
  const once = async (text: string, uuid: string, action: string): Promise<Answer> => {
    const answered = asks.add(uuid, action, ANSWER_MAX_MS);
    send(text);
    const reply = await answered;
    if (reply === 'offline') return OFFLINE;
    if (reply === 'timed_out') return TIMED_OUT;
    if (reply.status !== 'error') return { ok: true, reply };
    const { code, error_message: message, retry_after: retryAfter } = reply;
    return { ok: false, code, message, ...(retryAfter === undefined ? {} : { retryAfter }) };
  };
  return async (frame, uuid) => {
    const text = write({ ...frame, uuid });
    const refusal = refuse(text, asks.count);
    if (refusal !== undefined) return refusal;
    for (let repeats = 0; ; repeats += 1) {
      const answer = await once(text, uuid, frame.action);
      const busy = !answer.ok && answer.code === 'rate_limited';
      if (!busy || repeats === REPEATS_MAX_COUNT) return answer;
      const { promise: waited, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(toWaitMs(answer.retryAfter ?? 1, problem), resolve);
      await Promise.race([waited, asks.ended]);
      cancel();
    }
  };
}

/** Empty when JSON cannot say it: a cycle, a bigint. */
function write(frame: object): string {
  try {
    return JSON.stringify(frame);
  } catch {
    return '';
  }
}

/** What must not go out: no JSON, more than API Gateway takes from a live connection, one too many. */
function refuse(text: string, count: number): Answer | undefined {
  if (text === '') return NO_JSON;
  if (new TextEncoder().encode(text).length > FRAME_MAX_BYTES) {
    const message = `A frame has at most ${FRAME_MAX_BYTES} bytes`;
    return { ok: false, code: 'frame_too_long', message };
  }
  return count < ASKS_MAX_COUNT ? undefined : TOO_MANY;
}
