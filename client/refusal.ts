/**
 * Whether the server would refuse a message for what it says, by the server's own rules: a text that is
 * written offline fails at once, not when there is a connection again.
 */
import * as v from 'valibot';

import { NewMessageFields } from '../protocol/requests.ts';
import type { StoredMessage } from './outbox-storage.ts';

/** The fields of the frame that says it. */
export const toFields = ({ text, replyTo, mentions, meta }: Partial<StoredMessage>): object => ({
  text,
  ...(replyTo === undefined ? {} : { reply_to: replyTo }),
  ...(mentions === undefined || mentions.length === 0 ? {} : { mentions }),
  ...(meta === undefined ? {} : { meta }),
});

/** The code of the refusal. */
export function refusalOf(message: Partial<StoredMessage>): string | undefined {
  const result = v.safeParse(NewMessageFields, toFields(message), { abortEarly: true });
  return result.success ? undefined : result.issues[0].message;
}
