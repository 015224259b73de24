import type { InvocationContext } from './context.ts';
import type { Handler } from './handler.ts';

/**
 * Handlers of `nodejs22.x` and older, which may answer through a callback (or `context.succeed`,
 * `fail`, `done`) in place of a promise. Unless `context.callbackWaitsForEmptyEventLoop` is false, the
 * callback's answer waits until nothing is left to run; a handler that never answers gives null then.
 */
export function withCallback(
  handler: Handler,
  event: unknown,
  context: InvocationContext,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let whenIdle = () => resolve(null);
  const callback = (error?: unknown, result?: unknown) => {
    const settle = () => (error === undefined || error === null ? resolve(result) : reject(error));
    if (context.callbackWaitsForEmptyEventLoop) whenIdle = settle;
    else settle();
  };
  // By way of the event loop: Node would not look again whether it is empty after this invocation.
  const onIdle = () => void setImmediate(() => whenIdle());
  process.on('beforeExit', onIdle);
  const legacy = Object.assign(context, {
    done: callback,
    succeed: (result?: unknown) => resolve(result),
    fail: (error?: unknown) => reject(error),
  });
  try {
    const returned = handler(event, legacy, callback);
    if (isPromise(returned)) returned.then(resolve, reject);
  } catch (error) {
    reject(error);
  }
  return promise.finally(() => process.off('beforeExit', onIdle));
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
