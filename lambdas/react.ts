import { REACTIONS_MAX_COUNT } from '../protocol/limits.ts';
import { parseFields, ReactFields, refuse } from '../protocol/requests.ts';
import type { Judge } from './core/durable.ts';
import { durableHandler } from './core/durable-handler.ts';
import { findTarget } from './core/target.ts';

/** `react`: a member puts an emoji on a message, or takes it away again. */
const judge: Judge = async ({ envelope, room, log }) => {
  const frame = parseFields(ReactFields, envelope);
  if ('refused' in frame) return frame;
  const { target, emoji, remove } = frame.fields;
  const message = await findTarget(log, room, target);
  if (message === undefined) return refuse(envelope, 'invalid_target');
  const count = Object.values(message.state?.reactions ?? {}).flat().length;
  if (!remove && count >= REACTIONS_MAX_COUNT) return refuse(envelope, 'too_many_reactions');
  return { content: { kind: 'reaction', target, emoji, ...(remove ? { remove: true } : {}) } };
};

export const handler = durableHandler('react', judge);
