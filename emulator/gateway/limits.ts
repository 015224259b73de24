/**
 * Every number the gateway holds its clients to. The defaults are the quotas of a WebSocket API
 * (aws.md e); what AWS does not publish is marked [UNV] and is our choice.
 */
export interface GatewayLimits {
  /** Bytes of payload in one data frame, either way; a larger one closes the connection with 1009. */
  readonly frameBytes: number;
  /** Bytes of one message, either way; also the largest body of a post (413 above). */
  readonly messageBytes: number;
  /** Characters of the URL of a handshake; a longer one is answered 414 [UNV]. */
  readonly urlLength: number;
  /** Milliseconds without a message in either direction until 1001 "Going away". */
  readonly idleMs: number;
  /** Milliseconds a connection may live in all, then 1001 "Going away" [UNV which code]. */
  readonly durationMs: number;
  /** Whether a client's ping counts as activity; AWS does not say [UNV], and silence is safer. */
  readonly pingResetsIdle: boolean;
  /** Milliseconds an authorizer may take; the ceiling of integrations. */
  readonly authorizerTimeoutMs: number;
  /** Bytes of an authorizer's answer, as JSON. */
  readonly authorizerResultBytes: number;
  /** Bytes waiting for a client that does not read; above, a post is answered 429 [UNV how many]. */
  readonly clientBufferBytes: number;
  /** Real milliseconds a client has to answer a close before its socket is cut. */
  readonly closeWaitMs: number;
}

const KIB = 1024;
const MINUTE_MS = 60_000;

export const AWS_LIMITS: GatewayLimits = {
  frameBytes: 32 * KIB,
  messageBytes: 128 * KIB,
  urlLength: 4096,
  idleMs: 10 * MINUTE_MS,
  durationMs: 120 * MINUTE_MS,
  pingResetsIdle: false,
  authorizerTimeoutMs: 29_000,
  authorizerResultBytes: 8 * KIB,
  clientBufferBytes: KIB * KIB,
  closeWaitMs: 1000,
};

/** What is metered as one frame: 32 KB or a part of it, whatever `frameBytes` is. */
const METERED_FRAME_BYTES = 32 * KIB;

/** How many frames a message of this many bytes is billed as; an empty one is one. */
export function meteredFrames(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / METERED_FRAME_BYTES));
}
