import { print, type Sandbox, startSandbox } from './sandbox.ts';
import { INIT, type SandboxOptions } from './sandbox-thread.ts';

/**
 * A sandbox whose init may take longer than AWS's 10 seconds: it is then broken off, and done again in
 * the first invocation, within the function's own time-out. Not copied: that AWS does the same after an
 * init that failed.
 */
export function startSandboxTwice(options: SandboxOptions): Sandbox {
  const { fn } = options;
  const first = startSandbox(options);
  let second: Sandbox | undefined;
  let dueAgain = false;
  const current = () => second ?? first;
  const ready = first.ready.then(() => {
    if (first.death()?.timedOut !== true) return;
    dueAgain = true;
    report(options, INIT, first.initMs());
  });

  const initAgain = async (requestId: string) => {
    dueAgain = false;
    const initLimitMs = fn.timeoutSeconds * 1_000;
    second = startSandbox({ ...options, initLimitMs, requestId });
    await second.ready;
    if (second.death()?.timedOut === true) report(options, 'invoke', second.initMs());
    return second.initMs();
  };

  return {
    ready,
    initMs: () => first.initMs(),
    alive: () => dueAgain || current().alive(),
    death: () => current().death(),
    phase: () => current().phase(),
    async invoke(event, requestId) {
      const spentMs = dueAgain ? await initAgain(requestId) : 0;
      return current().invoke(event, requestId, spentMs);
    },
    accessKeyId: first.accessKeyId,
    async terminate(death) {
      dueAgain = false;
      await current().terminate(death);
    },
  };
}

/** The line that Lambda prints of an init that ran out of time. */
function report(options: SandboxOptions, phase: 'init' | 'invoke', initMs: number): void {
  const line = `INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: timeout`;
  print(options, INIT, line, 'err');
}
