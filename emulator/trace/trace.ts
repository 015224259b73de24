import type { Clock } from '../clock.ts';

/**
 * What passes through the WebSocket APIs, as it happens: a ring of the latest, and whoever listens. What
 * was said is kept only by a trace that is to have the content, because frames hold tokens, too.
 */
export interface Trace {
  add(event: Omit<TraceEvent, 'time'>): void;
  /** Oldest first. */
  recent(): readonly TraceEvent[];
}

export interface TraceEvent {
  /** Epoch milliseconds, by the cloud's clock. */
  readonly time: number;
  /** `in`: a message of the client; `out`: a reply or an error frame; `post`: a call of @connections. */
  readonly what: 'open' | 'in' | 'out' | 'post' | 'close';
  /** The API's construct path. */
  readonly api: string;
  readonly connection: string;
  /** The route of a message or reply; of a post, the function that made it, if one did. */
  readonly by?: string | undefined;
  readonly bytes?: number;
  /** The HTTP status of a post, the close code of a close. */
  readonly code?: number;
  /** Milliseconds until the route's function had ended. */
  readonly ms?: number;
  readonly content?: string;
}

/** Events that are kept; older ones are forgotten. */
export const TRACE_MAX_COUNT = 500;

/** Characters of a content that are kept. */
export const CONTENT_MAX_LENGTH = 2_000;

export function createTrace(options: {
  readonly clock: Clock;
  /** Default: false. */
  readonly withContent?: boolean;
  readonly onEvent?: (event: TraceEvent) => void;
}): Trace {
  const { clock, withContent = false, onEvent = () => {} } = options;
  const ring: TraceEvent[] = [];
  return {
    add({ content, ...event }) {
      const kept =
        withContent && content !== undefined ? content.slice(0, CONTENT_MAX_LENGTH) : undefined;
      const seen = {
        time: clock.now(),
        ...event,
        ...(kept === undefined ? {} : { content: kept }),
      };
      ring.push(seen);
      if (ring.length > TRACE_MAX_COUNT) ring.shift();
      onEvent(seen);
    },
    recent: () => [...ring],
  };
}
