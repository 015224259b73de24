/**
 * Whether the server would refuse a message for what it says: a text that is written offline fails at
 * once, not when there is a connection again. The rules are those of `protocol/requests.ts`, which would
 * weigh more than all the rest of sending; what is not looked at here the server still refuses.
 */
import type { ErrorCode } from '../../protocol/errors.ts';
import { MENTIONS_MAX_COUNT, META_MAX_BYTES, TEXT_MAX_CODE_POINTS } from '../../protocol/limits.ts';
import type { StoredMessage } from './outbox-storage.ts';

type Said = Pick<StoredMessage, 'text' | 'replyTo' | 'mentions' | 'meta'>;

/** The fields of the frame that says it. */
export const toFields = ({ text, replyTo, mentions = [], meta }: Said): object => ({
  text,
  ...(replyTo === undefined ? {} : { reply_to: replyTo }),
  ...(mentions.length === 0 ? {} : { mentions }),
  ...(meta === undefined ? {} : { meta }),
});

/** The code of the refusal. */
export function refusalOf({ text, mentions = [], meta }: Said): ErrorCode | undefined {
  if (!text.isWellFormed()) return 'invalid_text';
  if (text.trim() === '') return 'empty_text';
  if (Array.from(text).length > TEXT_MAX_CODE_POINTS) return 'text_too_long';
  if (mentions.length > MENTIONS_MAX_COUNT) return 'invalid_mentions';
  const json = meta === undefined ? '' : JSON.stringify(meta);
  return new TextEncoder().encode(json).length > META_MAX_BYTES ? 'invalid_meta' : undefined;
}
