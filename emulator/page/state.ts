import type { Clock } from '../clock.ts';
import type { HttpApiAddress } from '../fronts.ts';
import type { RunningApi } from '../running-api.ts';
import type { Mappings } from '../event-source/mappings.ts';
import type { Lambda } from '../lambda/functions.ts';
import type { InvocationRecord } from '../lambda/invocation-records.ts';
import type { Bill } from '../meter/bill.ts';
import type { CloudModel, UnsupportedResource } from '../model.ts';
import type { QueuedMessage } from '../sqs/queue.ts';
import type { Queues } from '../sqs/queues.ts';
import type { FrameEvent, RequestEvent, Trace } from '../trace/trace.ts';

/** Everything that the page shows, as one JSON document at `/_parley/state`. */
export interface PageState {
  readonly now: number;
  readonly apis: readonly {
    readonly name: string;
    readonly websocket: string;
    readonly routes: readonly string[];
    readonly connections: readonly {
      readonly connectionId: string;
      readonly connectedAt: number;
      readonly lastActiveAt: number;
    }[];
  }[];
  readonly httpApis: readonly {
    readonly name: string;
    readonly url: string;
    readonly routes: readonly string[];
  }[];
  /** The newest first. */
  readonly frames: readonly FrameEvent[];
  /** Requests to the HTTP APIs, the newest first. */
  readonly requests: readonly RequestEvent[];
  /** The newest first, with what they printed. */
  readonly invocations: readonly InvocationRecord[];
  readonly mappings: readonly {
    readonly path: string;
    readonly status: string;
    readonly records: number;
    readonly ageMs: number;
  }[];
  readonly queues: readonly {
    readonly name: string;
    readonly messages: readonly Pick<QueuedMessage, 'messageId' | 'body' | 'sentAt'>[];
  }[];
  readonly bill: Bill;
  readonly unsupported: readonly UnsupportedResource[];
}

/** Frames, requests and invocations that are shown. */
export const SHOWN_MAX_COUNT = 100;

/** Connections, and messages of one queue, that are shown. */
export const LISTED_MAX_COUNT = 200;

export interface PageParts {
  readonly model: CloudModel;
  readonly clock: Clock;
  readonly apis: readonly RunningApi[];
  readonly httpApis: readonly HttpApiAddress[];
  readonly trace: Trace;
  readonly lambda: Pick<Lambda, 'invocations'>;
  readonly mappings: Pick<Mappings, 'byPath'>;
  readonly queues: Pick<Queues, 'messages'>;
  readonly bill: () => Bill;
}

const newestFirst = <Item>(items: readonly Item[]): readonly Item[] =>
  items.slice(-SHOWN_MAX_COUNT).toReversed();

export function pageState(parts: PageParts): PageState {
  const { model, apis } = parts;
  const routesOf = (id: string) =>
    [...model.apis, ...model.httpApis]
      .find(({ apiId }) => apiId === id)
      ?.routes.map(({ routeKey }) => routeKey) ?? [];
  return {
    now: parts.clock.now(),
    apis: apis.map(({ id, name, websocket, gateway }) => ({
      name,
      websocket,
      routes: routesOf(id),
      connections: gateway.connections().slice(0, LISTED_MAX_COUNT),
    })),
    httpApis: parts.httpApis.map(({ id, name, url }) => ({ name, url, routes: routesOf(id) })),
    frames: newestFirst(parts.trace.recent()),
    requests: newestFirst(parts.trace.recentRequests()),
    invocations: newestFirst(parts.lambda.invocations()),
    mappings: [...parts.mappings.byPath].map(([path, mapping]) => ({
      path,
      status: mapping.state().status,
      ...mapping.lag(),
    })),
    queues: model.queues.map(({ name }) => ({
      name,
      messages: parts.queues
        .messages(name)
        .slice(0, LISTED_MAX_COUNT)
        .map(({ messageId, body, sentAt }) => ({ messageId, body, sentAt })),
    })),
    bill: parts.bill(),
    unsupported: model.unsupported,
  };
}
