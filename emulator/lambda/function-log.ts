import type { InvocationResult } from '../invocation.ts';
import type { Log, Printed } from '../log.ts';
import type { FunctionResource } from '../model.ts';

/** Logs a line of a function, under its name and with the request it belongs to. */
export function logOf(
  log: Log,
  fn: FunctionResource,
  requestId: string,
  text: string,
  kind: Printed['kind'],
): void {
  log(fn.name, `${requestId} ${text}`, { function: fn.path, requestId, text, kind });
}

/** Logs how an invocation failed: the error and its stack, line by line. */
export function logFailure(
  log: Log,
  fn: FunctionResource,
  result: Extract<InvocationResult, { readonly outcome: 'failed' }>,
): void {
  const { requestId, errorType, errorMessage, trace = [] } = result;
  const lines = [`${errorType}: ${errorMessage}`, ...trace.slice(1)];
  for (const line of lines) logOf(log, fn, requestId, line, 'failure');
}
