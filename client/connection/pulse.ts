/** Keeps a socket alive and finds out when it is dead, as `heartbeat.ts` decides. */
import type { Clock } from '../clock.ts';
import { nextBeat } from './heartbeat.ts';
import { createTimer } from '../timer.ts';

export interface PulseOptions {
  readonly clock: Clock;
  /** Asks the server for something. */
  readonly beat: () => void;
  /** The socket is dead. */
  readonly dead: () => void;
}

export interface Pulse {
  /** Something came in. */
  heard(): void;
  /** Beats at once, unless an answer is awaited already. */
  wake(): void;
  close(): void;
}

export function startPulse({ clock, beat, dead }: PulseOptions): Pulse {
  let heardAt = clock.now();
  let beatAt: number | undefined;

  const look = (woken: boolean) => {
    const now = clock.now();
    const next = nextBeat({ heardAt, beatAt }, now, woken);
    if (next.do === 'end') return dead();
    if (next.do === 'wait') {
      timer.start(next.ms);
      return;
    }
    beatAt = now;
    look(false);
    beat();
  };
  const timer = createTimer(clock, () => look(false));
  look(false);
  return {
    heard() {
      heardAt = clock.now();
      beatAt = undefined;
    },
    wake: () => look(true),
    close: () => timer.stop(),
  };
}
