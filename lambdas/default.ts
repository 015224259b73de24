import { parseEnvelope, refuse } from '../protocol/requests.ts';
import { type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';

/**
 * `$default`: every frame that no other route took. Text that is not JSON, frames without a uuid or an
 * action, unknown actions: each gets the error that says so, and the socket stays open. (The article's
 * own server closed it with 1003 on unparsable text, which a function behind API Gateway cannot do.)
 */
export const handler = (event: FrameEvent): Promise<RouteResponse> =>
  replyTo(event, async (body) => {
    const read = parseEnvelope(body);
    return 'refused' in read ? read : refuse(read, 'invalid_payload');
  });
