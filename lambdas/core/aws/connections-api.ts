import { createEndpoint, type Endpoint } from './endpoint.ts';
import { sha256Hex } from './signature.ts';

/**
 * Posts to connections. A payload is hashed once, however many connections it goes to.
 */
export interface Payload {
  readonly text: string;
  readonly hash: string;
}

export const payload = (text: string): Payload => ({ text, hash: sha256Hex(text) });

/**
 * `posted` means that API Gateway took the frame, never that anybody saw it. `busy` is worth another
 * try: the account's throttle, a full buffer of a slow reader, a fault on AWS's side.
 */
export type PostOutcome = 'posted' | 'gone' | 'busy' | 'failed';

export interface ConnectionsApi {
  /** A post that the signal aborts has failed. */
  post(
    connection: string,
    payload: Payload,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<PostOutcome>;
  /** True when API Gateway knows the connection no more; false when it does, or could not be asked. */
  isGone(connection: string): Promise<boolean>;
}

const PROBE_TIMEOUT_MS = 3_000;

const pathOf = (connection: string) => `/@connections/${encodeURIComponent(connection)}`;

/** Where posts go: the standard variable first, as for the SDK, then the URL the stack knows. */
export const callbackEndpoint = (callbackUrl: string, maxSockets: number): Endpoint =>
  createEndpoint({
    url: process.env['AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI'] ?? callbackUrl,
    service: 'execute-api',
    maxSockets,
  });

export function createConnectionsApi(endpoint: Endpoint): ConnectionsApi {
  return {
    async post(connection, { text, hash }, timeoutMs, signal) {
      try {
        const { status } = await endpoint.request({
          method: 'POST',
          path: pathOf(connection),
          headers: { 'content-type': 'application/octet-stream' },
          body: text,
          payloadHash: hash,
          timeoutMs,
          ...(signal === undefined ? {} : { signal }),
        });
        if (status < 300) return 'posted';
        if (status === 410) return 'gone';
        return status === 429 || status >= 500 ? 'busy' : 'failed';
      } catch {
        // Whether the frame arrived is unknown, and trying again takes time that others need.
        return 'failed';
      }
    },

    async isGone(connection) {
      try {
        const { status } = await endpoint.request({
          method: 'GET',
          path: pathOf(connection),
          body: '',
          timeoutMs: PROBE_TIMEOUT_MS,
        });
        return status === 410;
      } catch {
        return false;
      }
    },
  };
}
