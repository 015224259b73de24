/**
 * Reads what comes in on a socket, which may be anything. A frame is of a shape that the protocol knows,
 * or it is dropped: silently when it is of an action that only a newer server has, counted otherwise.
 * Never throws.
 */
import { ACTIONS } from '../../protocol/actions.ts';
import { parseFrame, type ServerFrame } from '../../protocol/frames.ts';
import type { Broadcast } from '../../protocol/pushed.ts';
import type { Reply } from '../../protocol/replies.ts';

export type { Reply, ServerFrame };

/** What one text held. */
export interface Incoming {
  /** In order, arrays of `batch` unpacked. */
  readonly frames: readonly ServerFrame[];
  /** How many things in it were no frames. */
  readonly bad: number;
  /** API Gateway's own word, without a uuid, that a function failed (E10). */
  readonly failed: boolean;
}

/** Characters of one text; API Gateway carries 128 KB. */
const TEXT_MAX_LENGTH = 256 * 1_024;

const UNREADABLE: Incoming = { frames: [], bad: 1, failed: false };

export function readFrames(text: string): Incoming {
  if (text.length > TEXT_MAX_LENGTH) return UNREADABLE;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
  if (isGatewayError(value)) return { frames: [], bad: 0, failed: true };
  const frames: ServerFrame[] = [];
  let bad = 0;
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const frame = parseFrame(one);
    if (frame !== undefined) frames.push(frame);
    else if (!isNewer(one)) bad += 1;
  }
  return { frames, bad, failed: false };
}

/** Whether everybody in a room is told this, rather than only who asked. */
export const isBroadcast = (frame: ServerFrame): frame is Broadcast =>
  'message' in frame || 'entry' in frame;

/** Whether it can be what somebody was answered; the rest is about what goes on in a room. */
export const isReply = (frame: ServerFrame): frame is Reply =>
  !('expires_in' in frame || 'order' in frame || 'people' in frame || 'read' in frame);

const isGatewayError = (value: unknown) =>
  typeof value === 'object' && value !== null && 'connectionId' in value && 'requestId' in value;

const KNOWN_ACTIONS: readonly string[] = [...ACTIONS, 'presence', 'receipts'];

const isNewer = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  'action' in value &&
  typeof value.action === 'string' &&
  !KNOWN_ACTIONS.includes(value.action);
