import { type InvocationEnd, invokeUntil } from './faults.ts';
import { failed, invocationResult } from './invocation-result.ts';
import type { SandboxPool } from './sandbox-pool.ts';

/** How one invocation went. */
export interface Run {
  readonly result: ReturnType<typeof invocationResult>;
  /** Milliseconds in the handler. */
  readonly durationMs: number;
  /** Milliseconds with init, where the invocation waited for it. */
  readonly billedMs: number;
  readonly cold: boolean;
}

/** Hands an event, as JSON, to a sandbox of the pool, which may be fated to die of it. */
export async function runInSandbox(
  sandboxes: SandboxPool,
  payload: string,
  requestId: string,
  fate: InvocationEnd | undefined,
): Promise<Run> {
  const taken = await sandboxes.take();
  if (taken === undefined) {
    const error = { errorType: 'Sandbox.Terminated', errorMessage: 'the emulator is closed' };
    return { result: failed(requestId, error), durationMs: 0, billedMs: 0, cold: false };
  }
  const { sandbox, cold } = taken;
  const handedOverAt = performance.now();
  const ended = await (fate === undefined
    ? sandbox.invoke(payload, requestId)
    : invokeUntil(fate, sandbox, payload, requestId));
  const result = invocationResult(requestId, ended);
  const durationMs = performance.now() - handedOverAt;
  sandboxes.release(sandbox);
  return { result, durationMs, billedMs: durationMs + (cold ? sandbox.initMs() : 0), cold };
}
