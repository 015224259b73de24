import { parseFields, PinFields, refuse } from '../protocol/requests.ts';
import type { Judge } from './core/durable.ts';
import { durableHandler } from './core/durable-handler.ts';
import { findTarget } from './core/target.ts';

/** `pin`: a member marks a message for everybody, or takes the mark away. */
const judge: Judge = async ({ envelope, room, log }) => {
  const frame = parseFields(PinFields, envelope);
  if ('refused' in frame) return frame;
  const { target, pinned } = frame.fields;
  const message = await findTarget(log, room, target);
  return message === undefined
    ? refuse(envelope, 'invalid_target')
    : { content: { kind: 'pin', target, pinned } };
};

export const handler = durableHandler('pin', judge);
