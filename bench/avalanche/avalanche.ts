/**
 * Everybody is cut off at the same moment and comes back to a gateway that takes so many new connections
 * a second: in virtual time, with the client's own decisions (`client/connection/reconnect.ts`) and the emulator's
 * token bucket. Nothing else is simulated: who is accepted is back.
 */
import { begin, fail, NO_ATTEMPTS, retryAt, STABLE_MS } from '../../client/connection/reconnect.ts';
import { createTokenBucket } from '../../emulator/gateway/token-bucket.ts';

export interface Avalanche {
  readonly clients: number;
  /** New connections that the gateway takes, a second and at once. */
  readonly rate: number;
  readonly burst: number;
  /** Milliseconds from the cut in which the gateway takes nobody. */
  readonly outageMs: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export interface Recovery {
  /** Milliseconds from the cut until each client is back, in the order of their return. */
  readonly backMs: readonly number[];
  /** Attempts that each client made, the successful one included. */
  readonly attempts: readonly number[];
  /** By second since the cut. */
  readonly accepted: readonly number[];
  readonly attempted: readonly number[];
}

/** Until a refused handshake is known to be refused. Milliseconds. */
const REFUSAL_MS = 100;

const SECOND_MS = 1_000;

export function avalanche({ clients, rate, burst, outageMs, random }: Avalanche): Recovery {
  let now = 0;
  const clock = { now: () => now, after: () => () => {} };
  const bucket = createTokenBucket(clock, rate, burst);
  const known = Array.from({ length: clients }, () => fail(NO_ATTEMPTS, STABLE_MS, random));
  const attempts = Array.from({ length: clients }, () => 0);
  const backMs: number[] = [];
  const accepted: number[] = [];
  const attempted: number[] = [];
  /** Who tries at which millisecond. */
  const due = new Map<number, number[]>();

  const plan = (client: number, since: number) => {
    const at = retryAt(known[client] ?? NO_ATTEMPTS, since);
    const others = due.get(at);
    if (others === undefined) due.set(at, [client]);
    else others.push(client);
  };
  const attempt = (client: number) => {
    const before = begin(known[client] ?? NO_ATTEMPTS, now);
    attempts[client] = (attempts[client] ?? 0) + 1;
    count(attempted, now);
    if (now >= outageMs && bucket.take()) {
      count(accepted, now);
      backMs.push(now);
      return;
    }
    known[client] = fail(before, 0, random);
    plan(client, now + REFUSAL_MS);
  };

  for (let client = 0; client < clients; client += 1) plan(client, 0);
  for (; backMs.length < clients; now += 1) {
    for (const client of due.get(now) ?? []) attempt(client);
    due.delete(now);
  }
  return { backMs, attempts, accepted: filled(accepted), attempted: filled(attempted) };
}

function count(seconds: number[], now: number): void {
  const second = Math.floor(now / SECOND_MS);
  seconds[second] = (seconds[second] ?? 0) + 1;
}

const filled = (seconds: readonly number[]) =>
  Array.from({ length: seconds.length }, (_, second) => seconds[second] ?? 0);
