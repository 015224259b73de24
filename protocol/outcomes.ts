import * as v from 'valibot';

import { ACTIONS, DURABLE_ACTIONS } from './actions.ts';
import { Person } from './entry.ts';
import type { Frozen } from './frozen.ts';
import { count, seconds } from './numbers.ts';

/**
 * How an action went, when there is nothing else to tell: refused, accepted, done, signed in.
 */

/** What every success to one who asked begins with, beside its `action`. */
export const SUCCESS = { uuid: v.string(), status: v.literal('success') };

/** What lists that go on end with. */
export const more = v.exactOptional(v.literal(true));

export const ErrorReply = v.object({
  /** Null when the frame had none that could be read. */
  uuid: v.nullable(v.string()),
  action: v.nullable(v.string()),
  status: v.literal('error'),
  /** One of `ErrorCode`, or of a newer server's. */
  code: v.string(),
  error_message: v.string(),
  room: v.exactOptional(v.string()),
  retry_after: v.exactOptional(seconds),
  /** With `head_moved`. */
  head: v.exactOptional(count),
});

/** With feature `ack`: it is stored under its uuid and will be sequenced. */
export const AcceptedReply = v.object({
  uuid: v.string(),
  action: v.picklist(DURABLE_ACTIONS),
  status: v.literal('accepted'),
  room: v.string(),
});

/** It is done, or was so already; nothing of it is in the log. */
export const DoneReply = v.object({
  ...SUCCESS,
  action: v.picklist(ACTIONS),
  room: v.string(),
});

export const AuthenticateReply = v.object({
  ...SUCCESS,
  action: v.literal('authenticate'),
  user: Person,
  /** Those asked for that this server has. */
  features: v.array(v.string()),
});

export type ErrorReply = Frozen<v.InferOutput<typeof ErrorReply>>;
export type AcceptedReply = Frozen<v.InferOutput<typeof AcceptedReply>>;
export type DoneReply = Frozen<v.InferOutput<typeof DoneReply>>;
export type AuthenticateReply = Frozen<v.InferOutput<typeof AuthenticateReply>>;
