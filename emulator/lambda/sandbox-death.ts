import type { FunctionResource } from '../model.ts';
import type { FunctionError } from './function-error.ts';

/** How sandboxes die, in the words of Lambda. */

/** What an invocation comes to when its sandbox dies of it. */
export interface SandboxDeath {
  readonly error: FunctionError;
  readonly timedOut: boolean;
}

export const ENDED_BY_EMULATOR: SandboxDeath = {
  error: { errorType: 'Sandbox.Terminated', errorMessage: 'the emulator ended it' },
  timedOut: false,
};

/** A death that is not its handler's doing. */
export function deathBy(
  how: 'crash' | 'time-out' | 'out-of-memory',
  requestId: string,
  fn: FunctionResource,
): SandboxDeath {
  switch (how) {
    case 'crash':
      return { error: exited(requestId, 1), timedOut: false };
    case 'time-out':
      return { error: timeOut(requestId, fn), timedOut: true };
    case 'out-of-memory':
      return { error: outOfMemory(requestId), timedOut: false };
    default:
      return how satisfies never;
  }
}

export function timeOut(requestId: string, { timeoutSeconds }: FunctionResource): FunctionError {
  const seconds = timeoutSeconds.toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

export function exited(requestId: string, code: number): FunctionError {
  const how = code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${how}`,
  };
}

/** What ends a thread without its runtime's word. */
export function fatal(requestId: string, error: Error): FunctionError {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return outOfMemory(requestId);
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${error.message}`,
  };
}

export function outOfMemory(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  };
}
