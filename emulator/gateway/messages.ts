import { UNROUTED } from '../meter/cause.ts';
import type { WebSocketRoute } from '../model.ts';
import type { ApiContext } from './api-context.ts';
import { deployedStage, routeCause } from './api-context.ts';
import type { Connection } from './connection.ts';
import type { ErrorText } from './error-frames.ts';
import { errorFrame } from './error-frames.ts';
import { messageEvent } from './events.ts';
import { callFunction } from './integration.ts';
import { countMessage } from './metering.ts';
import { readRouteSelection } from './route-selection.ts';
import { traceIn } from './tracing.ts';

/**
 * Handles a client's text messages (aws.md b): finds the route, invokes its function once per
 * message, and answers with the function's body (two-way routes only) or with the gateway's own
 * error frame. Messages of one connection run side by side and may end in any order, as on AWS. A
 * returned status code means nothing here.
 *
 * `$connect` and `$disconnect` cannot be reached by a message [UNV what AWS does]. A client that
 * does not read loses its answers, with a line in the log, rather than fill the memory.
 */
export type HandleMessage = (connection: Connection, body: string) => Promise<void>;

export function createMessageHandler(context: ApiContext): HandleMessage {
  const findRoute = createRouter(context);
  return async (connection, body) => {
    const done = context.activity.begin();
    try {
      const route = findRoute(body);
      const routeKey = route?.routeKey ?? UNROUTED;
      const cause = routeCause(context, routeKey);
      countMessage(context, 'in', Buffer.byteLength(body), cause);
      const receivedAt = performance.now();
      const within = takeTokens(context, connection.subject.stage, routeKey);
      const answer = within
        ? await callRoute(context, connection, route, body)
        : refuse(context, 'Too Many Requests');
      const ms = performance.now() - receivedAt;
      traceIn(context, connection.subject, { by: routeKey, content: body, ms });
      deliver(context, connection, routeKey, answer);
    } finally {
      done();
    }
  };
}

type Answer =
  | { readonly body: string }
  | { readonly error: ErrorText; readonly requestId: string }
  | undefined;

function createRouter({ api }: ApiContext): (body: string) => WebSocketRoute | undefined {
  const select = readRouteSelection(api.routeSelectionExpression);
  const routes = new Map(
    api.routes
      .filter(({ routeKey }) => routeKey !== '$connect' && routeKey !== '$disconnect')
      .map((route) => [route.routeKey, route]),
  );
  return (body) => routes.get(select(body) ?? '$default') ?? routes.get('$default');
}

/** The throttle of the route, then the account's requests [UNV order]. */
function takeTokens(context: ApiContext, stageName: string, routeKey: string): boolean {
  const stage = deployedStage(context, stageName);
  return (
    (stage === undefined || context.routeThrottle(stage, routeKey)) &&
    context.throttle.takeRequest()
  );
}

async function callRoute(
  context: ApiContext,
  { subject }: Connection,
  route: WebSocketRoute | undefined,
  body: string,
): Promise<Answer> {
  if (route === undefined) return refuse(context, 'Forbidden');
  const { routeKey, integration } = route;
  if (integration === undefined) return refuse(context, 'Internal server error');
  const request = { requestId: context.ids.request(), at: context.clock.now() };
  const messageId = context.ids.message(subject.connectionId);
  const result = await callFunction(context, {
    ...integration,
    event: messageEvent(subject, request, { routeKey, messageId, body }),
    source: `${subject.stage}/${routeKey}`,
    routeKey,
  });
  if (result.outcome === 'timedOut') {
    return { error: 'Endpoint request timed out', requestId: request.requestId };
  }
  if (result.outcome !== 'returned') {
    return { error: 'Internal server error', requestId: request.requestId };
  }
  return route.returnsResponse ? readResponse(result.payload) : undefined;
}

/** Only a body that is a string goes to the client, and nothing else of the result does. */
function readResponse(payload: unknown): Answer {
  if (typeof payload !== 'object' || payload === null || !('body' in payload)) return undefined;
  return typeof payload.body === 'string' ? { body: payload.body } : undefined;
}

function refuse(context: ApiContext, error: ErrorText): Answer {
  return { error, requestId: context.ids.request() };
}

function deliver(
  context: ApiContext,
  connection: Connection,
  routeKey: string,
  answer: Answer,
): void {
  if (answer === undefined) return;
  const message =
    'body' in answer
      ? answer.body
      : errorFrame(answer.error, connection.subject.connectionId, answer.requestId);
  const sent = connection.send(message, routeCause(context, routeKey));
  if (sent === 'full') context.log(context.api.path, `${routeKey}: the client does not read`);
}
