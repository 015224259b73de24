import type { Cause } from '../meter/cause.ts';
import type { ApiContext } from './api-context.ts';
import type { EventSubject } from './events.ts';

/** What the trace sees of one API: connections that open and close, and what goes either way. */

export function traceOpen({ api, trace }: ApiContext, { connectionId }: EventSubject): void {
  trace?.add({ what: 'open', api: api.path, connection: connectionId });
}

export function traceClose(
  { api, trace }: ApiContext,
  { connectionId }: EventSubject,
  code: number,
): void {
  trace?.add({ what: 'close', api: api.path, connection: connectionId, code });
}

/** A message of the client, once its function has ended. */
export function traceIn(
  { api, trace }: ApiContext,
  { connectionId }: EventSubject,
  message: { readonly by: string; readonly content: string; readonly ms: number },
): void {
  const bytes = Buffer.byteLength(message.content);
  trace?.add({ what: 'in', api: api.path, connection: connectionId, bytes, ...message });
}

/** What the client is sent, a post's payload included. */
export function traceOut(
  { api, trace }: ApiContext,
  { connectionId }: EventSubject,
  message: Buffer,
  cause: Cause | undefined,
): void {
  if (trace === undefined) return;
  const by = cause && ('route' in cause ? cause.route : cause.function);
  const content = message.toString();
  trace.add({
    what: 'out',
    api: api.path,
    connection: connectionId,
    by,
    bytes: message.length,
    content,
  });
}

/** How a call of @connections was answered. */
export function tracePost(
  { api, trace }: ApiContext,
  connection: string,
  post: { readonly by: string | undefined; readonly bytes: number; readonly code: number },
): void {
  trace?.add({ what: 'post', api: api.path, connection, ...post });
}
