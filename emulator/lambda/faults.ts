/** What production does unasked, on request: Lambda's hooks before invocations and sandboxes. */
import type { FunctionResource } from '../model.ts';
import type { Sandbox, SandboxResult } from './sandbox.ts';
import type { SandboxDeath } from './sandbox-death.ts';

export interface LambdaFaults {
  /**
   * Asked once for each invocation: `throttled` finds no concurrency left; or how its sandbox dies of
   * it; undefined, as almost always: nothing.
   */
  next(fn: FunctionResource): 'throttled' | InvocationEnd | undefined;
  /** True: the idle sandboxes are gone, and this invocation starts cold. */
  startsCold(fn: FunctionResource): boolean;
  /** Milliseconds by which the clock of a new sandbox is ahead. */
  skewMs(fn: FunctionResource): number;
}

export interface InvocationEnd {
  /** What the invocation comes to. */
  death(requestId: string): SandboxDeath;
  readonly moment: 'before' | 'middle' | 'after';
  /** The sandbox of this access key works; `strike` is called at its last call. The answer disarms. */
  arm(accessKeyId: string, strike: () => Promise<unknown>): () => void;
  /** It is dying now. */
  happened(): void;
}

/** Runs an event in a sandbox that dies of it, sooner or later. */
export async function invokeUntil(
  end: InvocationEnd,
  sandbox: Sandbox,
  payload: string,
  requestId: string,
): Promise<SandboxResult> {
  const { moment } = end;
  const die = async (): Promise<SandboxResult> => {
    end.happened();
    const death = end.death(requestId);
    await sandbox.terminate(death);
    return { outcome: 'failed', ...death };
  };
  if (moment === 'before') return die();
  const disarm = moment === 'middle' ? end.arm(sandbox.accessKeyId, die) : undefined;
  const result = await sandbox.invoke(payload, requestId);
  disarm?.();
  return moment === 'after' ? die() : result;
}
