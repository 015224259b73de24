import type { ApiContext } from './api-context.ts';
import { routeOf } from './api-context.ts';
import type { Ending, EventSubject } from './events.ts';
import { disconnectEvent } from './events.ts';
import { callFunction } from './integration.ts';

/**
 * Invokes the $disconnect function of a connection that is gone, once, best effort: nobody hears
 * how it ended, and there is no second try.
 */
export async function invokeDisconnect(
  context: ApiContext,
  subject: EventSubject,
  ending: Ending,
): Promise<void> {
  const integration = routeOf(context, '$disconnect')?.integration;
  if (integration === undefined) return;
  const done = context.activity.begin();
  try {
    const request = { requestId: context.ids.request(), at: context.clock.now() };
    await callFunction(context, {
      ...integration,
      event: disconnectEvent(subject, request, ending),
      source: `${subject.stage}/$disconnect`,
      routeKey: '$disconnect',
    });
  } finally {
    done();
  }
}
