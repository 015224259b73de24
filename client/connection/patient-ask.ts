/**
 * Asks for somebody who waits for the outcome: what is asked while a connection is being made goes out
 * when it is. Without one in sight (`offline`) it comes to `offline` at once, as everywhere.
 */
import type { Clock } from '../clock.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Line } from './line.ts';

/** How long something waits for a connection that is being made. */
export const PATIENCE_MAX_MS = 10_000;

export function createPatientAsk(line: () => Line, clock: Clock): Line['ask'] {
  return async (frame, uuid) => {
    if (isBeingMade(line().state)) await decided(line(), clock);
    return line().ask(frame, uuid);
  };
}

const isBeingMade = ({ name }: ConnectionState): boolean =>
  name === 'connecting' || name === 'authenticating';

/** Resolves when the connection stands, or does not come about. */
function decided(line: Line, clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(PATIENCE_MAX_MS, resolve);
  const forget = line.onState((state) => {
    if (!isBeingMade(state)) resolve();
  });
  return promise.finally(() => {
    cancel();
    forget();
  });
}
