/**
 * Whether a line still lives. Any frame that comes in is life. After a silence the client asks for
 * something, and when nothing at all comes back the socket is dead, whatever it says of itself: half-open
 * sockets never do. The silence is well under API Gateway's 10 minutes, after which it would end an idle
 * connection, and long enough not to be what a chat costs.
 */

/** Silence after which the client asks. */
export const SILENCE_MS = 4 * 60_000;

/** How long the answer may take. */
export const ANSWER_MAX_MS = 10_000;

export interface Pulse {
  /** When a frame last came in, or the socket opened; milliseconds since the epoch. */
  readonly heardAt: number;
  /** When the client asked and has heard nothing since; undefined when nothing is awaited. */
  readonly beatAt: number | undefined;
}

/** What to do: ask now, give the socket up, or look again later. */
export type Beat =
  | { readonly do: 'beat' }
  | { readonly do: 'end' }
  | { readonly do: 'wait'; readonly ms: number };

/** `woken`: the page came to the front, or the network came back, and silence is no longer trusted. */
export function nextBeat({ heardAt, beatAt }: Pulse, now: number, woken: boolean): Beat {
  if (beatAt !== undefined) {
    const left = beatAt + ANSWER_MAX_MS - now;
    return left <= 0 ? { do: 'end' } : { do: 'wait', ms: Math.min(left, ANSWER_MAX_MS) };
  }
  const left = heardAt + SILENCE_MS - now;
  if (woken || left <= 0) return { do: 'beat' };
  // A clock that was set back must not make a wait longer than it should be.
  return { do: 'wait', ms: Math.min(left, SILENCE_MS) };
}
