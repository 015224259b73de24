/**
 * The frames API Gateway sends by itself (aws.md b.2), to the byte: a space after the first colon
 * and after commas, none after the other colons.
 */
export type ErrorText =
  /** No route for the message, and no $default. */
  | 'Forbidden'
  /** The function failed, or could not be invoked. */
  | 'Internal server error'
  /** The function did not end within the integration's time limit. */
  | 'Endpoint request timed out'
  /** A throttle, of the route or of the account; AWS's own text is not known [UNV]. */
  | 'Too Many Requests';

export function errorFrame(message: ErrorText, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
