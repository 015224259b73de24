/** A connection's state that others watch: only the steps of the table are made, and each is told. */
import { advance, type ConnectionState, isStep } from './connection-state.ts';

export interface WatchedState {
  readonly state: ConnectionState;
  move(to: ConnectionState): void;
  /** Moves there by way of other states, if need be: for who watches from afar and misses steps. */
  reach(to: ConnectionState, now: number): void;
  on(listener: (state: ConnectionState) => void): () => void;
}

export function createWatchedState(): WatchedState {
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { name: 'idle' };

  const set = (to: ConnectionState) => {
    state = to;
    // A listener may move it on: the others are then told the newer state, and not this one.
    for (const listener of listeners) if (state === to) listener(to);
  };
  const move = (to: ConnectionState) => set(advance(state, to));
  return {
    get state() {
      return state;
    },
    move,
    reach(to, now) {
      if (JSON.stringify(state) === JSON.stringify(to)) return;
      if (state.name === to.name) return set(to);
      const offline: ConnectionState = { name: 'offline', retryAt: now, reason: 'leader_gone' };
      const connecting: ConnectionState = { name: 'connecting', attempt: 1 };
      const ways = [[to], [connecting, to], [offline, to], [offline, connecting, to]];
      const way = ways.find((steps) =>
        steps.every((step, index) => isStep(steps[index - 1] ?? state, step)),
      );
      for (const step of way ?? [to]) move(step);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
