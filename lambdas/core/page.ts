import { REPLY_MAX_BYTES } from '../../protocol/limits.ts';

/**
 * Room in a reply: API Gateway carries 128 KB, and a page of long entries is longer. What does not fit
 * is left for the next page, never cut.
 */
export interface ReplyRoom {
  /** As many of the entries, or whatever a page is of, in their order, as still fit. */
  take<Entry>(entries: readonly Entry[]): readonly Entry[];
}

/** What a reply holds beside its entries, generously: ids of rooms and of the frame. */
const ENVELOPE_BYTES = 2_048;

export function replyRoom(besideBytes = 0): ReplyRoom {
  let left = REPLY_MAX_BYTES - ENVELOPE_BYTES - besideBytes;
  return {
    take(entries) {
      let fitting = 0;
      for (const entry of entries) {
        left -= Buffer.byteLength(JSON.stringify(entry)) + 1;
        if (left < 0) break;
        fitting += 1;
      }
      return entries.slice(0, fitting);
    },
  };
}
