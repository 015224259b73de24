/** Why a connection ended, and whether it is worth to try again. */

/** The `reason` of `offline`; stable, for programs. */
export type OfflineReason =
  /** The server, or API Gateway, ended it in good order: idle, too old, a deploy. */
  | 'going_away'
  /** The network did, or there never was a connection. */
  | 'lost'
  /** Nothing came back in time. */
  | 'no_answer'
  /** The token callback failed. */
  | 'token'
  /** The server would not sign the client in for now. */
  | 'refused'
  /** The server sent what no server sends, and too much of it. */
  | 'bad_frames'
  /** The tab that held the socket is gone. */
  | 'leader_gone';

/** How a connection ended: `fatal`, or to be tried again. */
export type End =
  | { readonly fatal: true; readonly code: string; readonly message: string }
  | {
      readonly fatal: false;
      readonly reason: OfflineReason;
      /** Seconds until the next attempt, if the server asked for them. */
      readonly retryAfter?: number;
    };

/**
 * Codes by which a server says that it cannot talk to such a client at all: data of a kind it does not
 * take (1003), not UTF-8 (1007), against its policy (1008), an extension it wants (1010). The same again
 * would end the same. Every other code is worth another attempt.
 */
const FATAL_CLOSE_CODES: readonly number[] = [1003, 1007, 1008, 1010];

/** Codes of an orderly end by the other side. */
const ORDERLY_CLOSE_CODES: readonly number[] = [1000, 1001, 1012];

/** What a close code means for the connection. */
export function endOfClose(code: number): End {
  if (FATAL_CLOSE_CODES.includes(code)) {
    return {
      fatal: true,
      code: `closed_${code}`,
      message: `The server refuses this client (close code ${code})`,
    };
  }
  return { fatal: false, reason: ORDERLY_CLOSE_CODES.includes(code) ? 'going_away' : 'lost' };
}
