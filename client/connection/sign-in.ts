/**
 * Signs in on a socket, which may be signed in already: then the session is renewed. A token that is
 * refused may just have expired, so a fresh one is asked for, once; when that is refused too it was
 * revoked, and no further try will do.
 */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Feature } from '../../protocol/features.ts';
import type { End } from './close-reasons.ts';
import type { Answer, Frame, LineOptions } from './line.ts';

/** What this client can bear, all of it. */
const FEATURES: readonly Feature[] = ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'];

/** Fresh tokens in a row that may be refused before it is for good. */
const TOKENS_MAX_COUNT = 2;

/** Refusals after which the same again would be refused the same; any other may pass. */
const FATAL_REFUSALS: readonly string[] = [
  'invalid_token',
  'invalid_payload',
  'invalid_message_format',
  'invalid_uuid',
  'invalid_json',
] satisfies readonly ErrorCode[];

export type SignedIn = { readonly user: string } | End;

/** `authenticate` sends the frame on the socket in question. */
export async function signIn(
  token: LineOptions['token'],
  authenticate: (frame: Frame) => Promise<Answer>,
  left = TOKENS_MAX_COUNT,
): Promise<SignedIn> {
  let secret: string;
  try {
    secret = await token();
  } catch {
    return { fatal: false, reason: 'token' };
  }
  const answer = await authenticate({ action: 'authenticate', token: secret, features: FEATURES });
  if (!answer.ok) {
    const again = answer.code === 'invalid_token' && left > 1;
    return again ? signIn(token, authenticate, left - 1) : endOfRefusal(answer);
  }
  const { reply } = answer;
  if (reply.action === 'authenticate' && 'user' in reply) return { user: reply.user.username };
  return { fatal: false, reason: 'bad_frames' };
}

function endOfRefusal({ code, message, retryAfter }: Answer & { ok: false }): End {
  if (FATAL_REFUSALS.includes(code)) return { fatal: true, code, message };
  const reason = code === 'timed_out' ? 'no_answer' : 'refused';
  return { fatal: false, reason, ...(retryAfter === undefined ? {} : { retryAfter }) };
}
