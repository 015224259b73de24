import type { Principal } from './iam/principal.ts';

/**
 * The shape every AWS service of the emulator has: one signed request in, one answer out. The HTTP
 * server (`front.ts`) reads the request, checks its signature and finds the service; a service knows
 * neither sockets nor signatures.
 */
export type Service = (request: ServiceRequest) => Promise<ServiceResponse>;

export interface ServiceRequest {
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Who signed it. */
  readonly principal: Principal;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/**
 * The answer of the JSON protocols (DynamoDB, SQS, Lambda) to a request they refuse: `type` is the
 * error's short name, which SDKs find in the header or in `__type`.
 */
export function serviceError(status: number, type: string, message: string): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message }),
  };
}
