import { DeleteMessageFields, parseFields } from '../protocol/requests.ts';
import type { Judge } from './core/durable.ts';
import { durableHandler } from './core/durable-handler.ts';
import { changeable } from './core/target.ts';

/**
 * `delete_message`: its author, or a moderator, takes a message back. It leaves a tombstone in its
 * place; its text, and that of its edits, is erased from the log with the entry that says so, and from
 * the Inbox by `erase`.
 */
const judge: Judge = async (asked) => {
  const frame = parseFields(DeleteMessageFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { target } = frame.fields;
  const message = await changeable(asked, asked.member, target);
  return 'refused' in message ? message : { content: { kind: 'delete', target } };
};

export const handler = durableHandler('delete_message', judge);
