import { EDITS_MAX_COUNT } from '../protocol/limits.ts';
import { EditMessageFields, parseFields, refuse } from '../protocol/requests.ts';
import type { Judge } from './core/durable.ts';
import { durableHandler } from './core/durable-handler.ts';
import { changeable } from './core/target.ts';

/** `edit_message`: its author, or a moderator, replaces what a message says. */
const judge: Judge = async (asked) => {
  const frame = parseFields(EditMessageFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { target, text, mentions } = frame.fields;
  const message = await changeable(asked, asked.member, target);
  if ('refused' in message) return message;
  if ((message.state?.edits ?? []).length >= EDITS_MAX_COUNT) {
    return refuse(asked.envelope, 'too_many_edits');
  }
  return {
    content: { kind: 'edit', target, text, ...(mentions === undefined ? {} : { mentions }) },
  };
};

export const handler = durableHandler('edit_message', judge);
