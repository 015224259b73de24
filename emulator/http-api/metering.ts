import { routeCause } from '../gateway/api-context.ts';
import type { HttpApiContext } from './api-context.ts';
import type { HttpRequest } from './http-request.ts';

/** Bytes of a request that are billed as one, or a part of it. */
const METERED_REQUEST_BYTES = 512 * 1024;

/** Counts a request on the account of its route; one without a route is billed, too. */
export function countRequest(
  context: HttpApiContext,
  { body }: HttpRequest,
  routeKey: string,
): void {
  const units = Math.max(1, Math.ceil(body.length / METERED_REQUEST_BYTES));
  context.meter.add('http.requests', context.api.path, units, routeCause(context, routeKey));
}

/** Counts the body of an answer as data out. */
export function countAnswer(
  context: HttpApiContext,
  body: string | Buffer,
  routeKey: string,
): void {
  const cause = routeCause(context, routeKey);
  context.meter.add('transfer.out', context.api.path, Buffer.byteLength(body), cause);
}
