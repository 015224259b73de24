/**
 * The quotas of HTTP APIs that are held here, from AWS's table of them.
 */
export interface HttpApiLimits {
  /** Bytes of a request's body; a larger one is answered 413. */
  readonly bodyBytes: number;
  /** Bytes of the request line and all headers; more is answered 431. */
  readonly headerBytes: number;
  /** Milliseconds an authorizer function may take. */
  readonly authorizerTimeoutMs: number;
  /** Bytes of an authorizer's answer, as JSON. */
  readonly authorizerResultBytes: number;
  /** Milliseconds an issuer has to answer, for its metadata and for its keys; not the cloud's time. */
  readonly issuerTimeoutMs: number;
  /** Milliseconds for which the keys of an issuer are kept. */
  readonly keysKeptMs: number;
}

const KIB = 1024;
const HOUR_MS = 3_600_000;

export const HTTP_API_LIMITS: HttpApiLimits = {
  bodyBytes: 10 * KIB * KIB,
  headerBytes: 10_240,
  authorizerTimeoutMs: 10_000,
  authorizerResultBytes: 8 * KIB,
  issuerTimeoutMs: 1_500,
  keysKeptMs: 2 * HOUR_MS,
};
