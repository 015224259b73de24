import { packFrames } from './frames.ts';
import type { Recipient } from './recipients.ts';

/** How the posts of a job are shared out, and when each share begins. Pure. */
export interface Share {
  readonly recipients: readonly Recipient[];
  /** Posts of the shares before it. */
  readonly before: number;
}

/** Connections that one `deliver` posts to: some 80 ms of posts. */
export const SHARE_CONNECTIONS = 500;

/**
 * Bytes of the frames of one job: three frames for who takes batches. With the recipients of a share,
 * whose names and ids take 130 KB at most, an event stays well below Lambda's limit.
 */
export const JOB_MAX_BYTES = 96 * 1_024;

/** Of frames in the order of their entries, the newest that one job carries, at least one. */
export function newestThatFit<Frame extends object>(
  frames: readonly Frame[],
  maxBytes = JOB_MAX_BYTES,
): readonly Frame[] {
  let bytes = 0;
  const tooMuch = frames.findLastIndex((frame) => {
    bytes += Buffer.byteLength(JSON.stringify(frame)) + 1;
    return bytes > maxBytes;
  });
  return frames.slice(Math.min(tooMuch + 1, frames.length - 1));
}

/** Posts that it takes to tell somebody these frames. */
export function postsEach(frames: readonly object[]): (recipient: Recipient) => number {
  const packs = packFrames(frames.map((frame) => JSON.stringify(frame))).length;
  return ({ features }) => (features.includes('batch') ? packs : frames.length);
}

export function sharesOf(
  recipients: readonly Recipient[],
  posts: (recipient: Recipient) => number,
): readonly Share[] {
  const shares: Share[] = [];
  let before = 0;
  for (let from = 0; from < recipients.length; from += SHARE_CONNECTIONS) {
    const part = recipients.slice(from, from + SHARE_CONNECTIONS);
    shares.push({ recipients: part, before });
    before += countPosts(part, posts);
  }
  return shares;
}

/** What a job was promised of the budget, at two times: before it knew its posts, and then. */
export interface Promised {
  readonly beganAt: number;
  /** Posts that were promised for then. */
  readonly charged: number;
  /** When the posts beyond these may begin; undefined when never. */
  readonly restAt: number | undefined;
  readonly postsPerSecond: number;
}

/**
 * When a share may begin: as the posts before it fit the budget. Milliseconds since the epoch, as all
 * times here; undefined when never.
 */
export function beginOf({ before }: Share, promised: Promised): number | undefined {
  const { beganAt, charged, restAt, postsPerSecond } = promised;
  const after = (posts: number) => (posts * 1_000) / postsPerSecond;
  if (before < charged) return beganAt + after(before);
  return restAt === undefined ? undefined : Math.max(beganAt, restAt) + after(before - charged);
}

export const countPosts = (
  recipients: readonly Recipient[],
  posts: (recipient: Recipient) => number,
): number => recipients.reduce((sum, recipient) => sum + posts(recipient), 0);
