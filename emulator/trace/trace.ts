import type { Clock } from '../clock.ts';

/**
 * What passes through the APIs, as it happens: a ring of the latest frames and one of the latest HTTP requests, and
 * whoever listens. What was said is kept only by a trace that is to have the content, because frames hold tokens, and
 * queries and bodies do, too.
 */
export interface Trace {
  /** What passed through a WebSocket API. */
  add(event: Omit<FrameEvent, 'time'>): void;
  /** A request to an HTTP API that has its answer. */
  addRequest(event: Omit<RequestEvent, 'time' | 'what'>): void;
  /** Frames, oldest first. */
  recent(): readonly FrameEvent[];
  /** Oldest first. */
  recentRequests(): readonly RequestEvent[];
}

export interface FrameEvent {
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

export interface RequestEvent {
  /** Epoch milliseconds, by the cloud's clock, of the answer. */
  readonly time: number;
  readonly what: 'request';
  /** The API's construct path. */
  readonly api: string;
  readonly method: string;
  /** As sent, without its query. */
  readonly path: string;
  /** The HTTP status of the answer. */
  readonly code: number;
  /** Milliseconds until the answer. */
  readonly ms: number;
  /** The function that was asked; none when the API answered by itself. */
  readonly by?: string | undefined;
  /** Query and body, as far as there are any. */
  readonly content?: string;
  /** The body of the answer. */
  readonly answer?: string;
}

export type TraceEvent = FrameEvent | RequestEvent;

/** Events of each kind that are kept; older ones are forgotten. */
export const TRACE_MAX_COUNT = 500;

/** Characters of a content or an answer that are kept. */
export const CONTENT_MAX_LENGTH = 2_000;

/** Characters of a path that are kept. */
export const PATH_MAX_LENGTH = 300;

export function createTrace(options: {
  readonly clock: Clock;
  /** Default: false. */
  readonly withContent?: boolean;
  readonly onEvent?: (event: TraceEvent) => void;
}): Trace {
  const { clock, withContent = false, onEvent = () => {} } = options;
  const frames = createRing<FrameEvent>(onEvent);
  const requests = createRing<RequestEvent>(onEvent);
  const said = (name: 'content' | 'answer', text: string | undefined) =>
    withContent && text !== undefined ? { [name]: text.slice(0, CONTENT_MAX_LENGTH) } : {};
  return {
    add({ content, ...event }) {
      frames.add({ time: clock.now(), ...event, ...said('content', content) });
    },
    addRequest({ content, answer, path, ...event }) {
      requests.add({
        time: clock.now(),
        what: 'request',
        ...event,
        path: path.slice(0, PATH_MAX_LENGTH),
        ...said('content', content),
        ...said('answer', answer),
      });
    },
    recent: () => frames.all(),
    recentRequests: () => requests.all(),
  };
}

function createRing<Event>(onEvent: (event: Event) => void) {
  const ring: Event[] = [];
  return {
    add(event: Event) {
      ring.push(event);
      if (ring.length > TRACE_MAX_COUNT) ring.shift();
      onEvent(event);
    },
    all: () => [...ring],
  };
}
