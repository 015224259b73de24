import { errorReply, type Reply } from '../../protocol/replies.ts';
import type { Refused } from '../../protocol/requests.ts';
import { report } from './report.ts';

/** The part of API Gateway's event that the routes use. */
export interface FrameEvent {
  readonly requestContext: { readonly connectionId: string; readonly routeKey: string };
  readonly body?: string;
}

export interface RouteResponse {
  readonly statusCode: 200;
  readonly body?: string;
}

export type Answer = Reply | Refused | undefined;

/**
 * Runs one route: hands the frame's text and its connection to `answer`, turns a refusal into its
 * error frame, and reports the outcome. What throws is left to Lambda: the client gets API Gateway's
 * own error frame, and the alarm rings.
 */
export async function answerFrame(
  event: FrameEvent,
  answer: (body: string, connection: string) => Promise<Answer>,
): Promise<Reply | undefined> {
  const startedAt = performance.now();
  const { connectionId, routeKey } = event.requestContext;
  const answered = await answer(event.body ?? '', connectionId);
  const refused = answered !== undefined && 'refused' in answered;
  report({
    route: routeKey,
    outcome: refused ? answered.refused : (answered?.status ?? 'ok'),
    durationMs: Math.round(performance.now() - startedAt),
  });
  return refused ? errorReply(answered) : answered;
}

/** For a route with a response: the reply goes back on the caller's connection by itself. */
export async function replyTo(
  event: FrameEvent,
  answer: (body: string, connection: string) => Promise<Answer>,
): Promise<RouteResponse> {
  const reply = await answerFrame(event, answer);
  return { statusCode: 200, ...(reply === undefined ? {} : { body: JSON.stringify(reply) }) };
}
