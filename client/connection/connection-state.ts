/**
 * Where a connection stands. Each change goes through the table below, in which every pair of states
 * has a cell: a step that the table forbids is a bug of ours, and throws.
 *
 *     idle ─▶ connecting ─▶ authenticating ─▶ recovering ─▶ online
 *                 ▲  │             │               │           │
 *                 │  ▼             ▼               ▼           ▼
 *                 └─ offline ◀─────┴───────────────┴───────────┘     any ─▶ closed, failed
 *
 * A socket that is replaced in good time leaves the state alone.
 */
export type ConnectionState =
  /** Never connected. */
  | { readonly name: 'idle' }
  /** Opens a socket, for the how-manieth time since it was last online, from 1. */
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'authenticating' }
  /** Signed in and caught up. */
  | { readonly name: 'online' }
  /** Signed in, asking for what was missed. */
  | { readonly name: 'recovering' }
  /** Waits for the next attempt, in milliseconds since the epoch. */
  | { readonly name: 'offline'; readonly retryAt: number; readonly reason: string }
  /** `close()` was called. */
  | { readonly name: 'closed' }
  /** Never tries again by itself; `connect()` does. */
  | { readonly name: 'failed'; readonly code: string; readonly message: string };

export type ConnectionStateName = ConnectionState['name'];

type Row = Readonly<Record<ConnectionStateName, boolean>>;

const NOWHERE: Row = {
  idle: false,
  connecting: false,
  authenticating: false,
  recovering: false,
  online: false,
  offline: false,
  closed: false,
  failed: false,
};

/** From each state, which ones may come next. */
const MAY: Readonly<Record<ConnectionStateName, Row>> = {
  idle: { ...NOWHERE, connecting: true, closed: true, failed: true },
  // To `recovering` at once when another tab of the browser has signed in already.
  connecting: {
    ...NOWHERE,
    authenticating: true,
    recovering: true,
    offline: true,
    closed: true,
    failed: true,
  },
  authenticating: { ...NOWHERE, recovering: true, offline: true, closed: true, failed: true },
  recovering: { ...NOWHERE, online: true, offline: true, closed: true, failed: true },
  // To `recovering` when another tab, whose socket this one shares, had to sign in anew.
  online: { ...NOWHERE, recovering: true, offline: true, closed: true, failed: true },
  offline: { ...NOWHERE, connecting: true, closed: true, failed: true },
  closed: NOWHERE,
  failed: { ...NOWHERE, connecting: true, closed: true },
};

/** Whether the table allows the step. */
export const isStep = (from: ConnectionState, to: ConnectionState): boolean =>
  MAY[from.name][to.name];

/** The next state; throws when the table does not allow it. */
export function advance(from: ConnectionState, to: ConnectionState): ConnectionState {
  if (!isStep(from, to)) throw new Error(`No way from ${from.name} to ${to.name}`);
  return to;
}

/** Whether requests can be answered: somebody is signed in. */
export const isSignedIn = ({ name }: ConnectionState): boolean =>
  name === 'online' || name === 'recovering';
