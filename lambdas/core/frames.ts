import { FRAME_MAX_BYTES } from '../../protocol/limits.ts';
import type { Broadcast } from '../../protocol/replies.ts';
import { type Entry, toWire } from './entry.ts';

/** What members see of an entry, with the room's head, so that a client notices what it lacks. */
export const toFrame = (entry: Entry, head: number): Broadcast => ({
  uuid: entry.uuid,
  action: entry.action,
  status: 'success',
  room: entry.room,
  [entry.kind === 'message' ? 'message' : 'entry']: toWire(entry),
  head,
});

/**
 * Packs texts of frames into as few JSON arrays as fit a WebSocket frame each; a frame is never split,
 * and one alone goes as it is.
 * API Gateway bills and throttles by the frame, so one array costs what one message does.
 */
export function packFrames(frames: readonly string[], maxBytes = FRAME_MAX_BYTES): string[] {
  const packs: string[][] = [];
  let bytes = 0;
  for (const frame of frames) {
    const size = Buffer.byteLength(frame) + 1;
    const pack = packs.at(-1);
    if (pack !== undefined && bytes + size < maxBytes) {
      pack.push(frame);
      bytes += size;
    } else {
      packs.push([frame]);
      bytes = size + 1;
    }
  }
  return packs.map((pack) => (pack.length === 1 ? pack.join() : `[${pack.join(',')}]`));
}

/** Bytes of a frame that carries a list; the rest of the frame fits into what is left. */
const LIST_MAX_BYTES = FRAME_MAX_BYTES - 1_024;

/** As few frames as carry all items of a list, in order, each within a WebSocket frame. */
export function splitFrame<Item>(
  items: readonly Item[],
  toFrame: (part: readonly Item[]) => object,
): readonly object[] {
  const parts: Item[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    bytes += size;
    if (bytes > LIST_MAX_BYTES) {
      parts.push([]);
      bytes = size;
    }
    parts.at(-1)?.push(item);
  }
  return parts.map(toFrame);
}
