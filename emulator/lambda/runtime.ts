import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import { withCallback } from './callback.ts';
import { createContext } from './context.ts';
import { type FunctionError, RuntimeError, describeError } from './function-error.ts';
import { type Handler, loadHandler } from './handler.ts';
import { resolveAsOnLambda } from './modules.ts';
import { captureOutput } from './output.ts';
import type { SandboxCall, SandboxReport, SandboxStart } from './sandbox-messages.ts';
import { skewClock } from './skewed-clock.ts';

/**
 * Lambda's Node runtime, as it runs inside a sandbox (a worker thread of `sandbox.ts`): loads the
 * handler once, then takes one event after the other. Between two events the thread blocks in
 * `Atomics.wait`, so that timers, sockets and promises nobody awaited are as frozen as on AWS, and go
 * on with the next event.
 *
 * Not copied: the Runtime API over HTTP, extensions, layers, response streaming and the working
 * directory, which a thread shares with its process. AWS lets the event loop turn once between the
 * handler's end and the freeze; here the freeze comes at once.
 */

/** From here on a handler may return promises only. */
const firstNodeWithoutCallbacks = 24;

/** The exit codes of AWS's own runtime. */
const exitCode = { initFailed: 1, unhandledRejection: 128, uncaughtException: 129 };

if (parentPort === null) throw new Error('the runtime lives in a worker thread');
const port = parentPort;
const start = workerData as SandboxStart;
const report = (said: SandboxReport): void => port.postMessage(said);
const output = captureOutput((line, stream) => report({ kind: 'line', line, stream }));

process.on('uncaughtException', (error) => leave(describeError(error), exitCode.uncaughtException));
process.on('unhandledRejection', (reason) => {
  const error = describeError(reason);
  const errorType = 'Runtime.UnhandledPromiseRejection';
  const errorMessage = reason instanceof Error ? String(reason) : error.errorMessage;
  leave({ ...error, errorType, errorMessage }, exitCode.unhandledRejection);
});
process.on('exit', () => output.flush());

if (start.skewMs !== 0) skewClock(start.skewMs);
resolveAsOnLambda(start);
// Not awaited at the top level: a thread whose handler never settles then ends with code 0.
loadHandler(start).then(serve, (error: unknown) =>
  leave(describeError(error), exitCode.initFailed),
);

async function serve(handler: Handler): Promise<void> {
  output.flush();
  report({ kind: 'ready' });
  for (;;) {
    const call = nextCall();
    output.begin();
    const answer = await run(handler, call);
    output.flush();
    report(answer);
  }
}

/** Blocks the thread until there is an event. */
function nextCall(): SandboxCall {
  for (;;) {
    // Read before looking: an event that arrives in between changes the number, and the wait ends.
    const seen = Atomics.load(start.wake, 0);
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as SandboxCall;
    Atomics.wait(start.wake, 0, seen);
  }
}

async function run(handler: Handler, call: SandboxCall): Promise<SandboxReport> {
  try {
    const result = await settle(handler, call);
    return { kind: 'returned', payload: toJson(result) };
  } catch (error) {
    return { kind: 'failed', error: describeError(error) };
  }
}

async function settle(handler: Handler, call: SandboxCall): Promise<unknown> {
  const context = createContext(call, start.functionArn);
  const event: unknown = JSON.parse(call.event);
  const node = Number(/\d+/.exec(start.runtime)?.[0]);
  if (node < firstNodeWithoutCallbacks) return withCallback(handler, event, context);
  if (handler.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with ' +
        'Node.js 24. You need to modify this function to use a supported handler signature to use ' +
        'Node.js 24 or later.',
    );
  }
  return handler(event, context);
}

function toJson(result: unknown): string | undefined {
  try {
    return JSON.stringify(result);
  } catch {
    throw new RuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
}

function leave(error: FunctionError, code: number): void {
  output.flush();
  report({ kind: 'broken', error });
  process.exit(code);
}
