/**
 * Reads what a $connect function returned (aws.md c). Of its answer the gateway uses the status and
 * one header. Pure.
 */
export interface ConnectAnswer {
  /** 200 to 599; undefined for an answer without a usable one, which the client sees as 502 [UNV]. */
  readonly status: number | undefined;
  /** The function's `Sec-WebSocket-Protocol`, its name in any case. */
  readonly protocol: string | undefined;
}

export function readConnectAnswer(payload: unknown): ConnectAnswer {
  return {
    status: readStatus(property(payload, 'statusCode')),
    protocol: readProtocol(property(payload, 'headers')),
  };
}

function readStatus(statusCode: unknown): number | undefined {
  if (typeof statusCode !== 'number' && typeof statusCode !== 'string') return undefined;
  return /^[2-5]\d\d$/.test(String(statusCode)) ? Number(statusCode) : undefined;
}

/** Only ever one token of RFC 9110, so that no function can write other headers to its client. */
function readProtocol(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown = Object.entries(headers).find(
    ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
  )?.[1];
  return typeof value === 'string' && /^[!#$%&'*+\-.^`|~\w]+$/.test(value) ? value : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
