import * as v from 'valibot';

import { ROLES } from './roles.ts';

/**
 * What an entry of a room's log says, by its kind. The same shapes travel from the accepting function
 * through the Inbox into the log, and what does not fit them never gets a number.
 */
const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const name = v.pipe(v.string(), v.minLength(1));

export const Content = v.variant('kind', [
  v.object({
    kind: v.literal('message'),
    text: name,
    reply_to: v.optional(seq),
    mentions: v.optional(v.array(name)),
    meta: v.optional(v.unknown()),
  }),
  v.object({
    kind: v.literal('edit'),
    target: seq,
    text: name,
    mentions: v.optional(v.array(name)),
  }),
  v.object({ kind: v.literal('delete'), target: seq }),
  v.object({
    kind: v.literal('reaction'),
    target: seq,
    emoji: name,
    remove: v.optional(v.literal(true)),
  }),
  v.object({ kind: v.literal('pin'), target: seq, pinned: v.boolean() }),
  v.object({ kind: v.literal('join'), member: name }),
  v.object({
    kind: v.literal('leave'),
    member: name,
    reason: v.picklist(['left', 'kicked', 'banned']),
  }),
  v.object({ kind: v.literal('rename'), name }),
  v.object({ kind: v.literal('role'), member: name, role: v.picklist(ROLES) }),
]);

export type Content = v.InferOutput<typeof Content>;
export type Kind = Content['kind'];
