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
