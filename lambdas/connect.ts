import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createSessions } from './core/sessions.ts';
import { variable, VARIABLES } from './environment.ts';

/**
 * `$connect`: a socket is about to be opened. Its row is written, so that `authenticate` has something
 * to fill and a connection that was never closed properly expires. Anybody may connect from an allowed
 * origin; an unauthenticated socket may then do nothing but authenticate. Nothing is posted from here:
 * API Gateway answers 410 until this function has returned.
 */
export interface ConnectEvent {
  readonly requestContext: { readonly connectionId: string };
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

const originOf = (headers: ConnectEvent['headers'] = {}) =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'origin')?.[1];

/** Exact match only. Programs send no Origin and are let in; a browser always sends one. */
export const isAllowedOrigin = (origin: string | undefined, allowed: readonly string[]): boolean =>
  allowed.length === 0 || origin === undefined || allowed.includes(origin);

const sessions = createSessions({ db: createDynamoDb(), table: variable('connections') });
const allowedOrigins = (process.env[VARIABLES.allowedOrigins] ?? '').split(' ').filter(Boolean);

export const handler = async (event: ConnectEvent): Promise<{ readonly statusCode: number }> => {
  if (!isAllowedOrigin(originOf(event.headers), allowedOrigins)) return { statusCode: 403 };
  await sessions.open(event.requestContext.connectionId);
  return { statusCode: 200 };
};
