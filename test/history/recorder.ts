/** Writes a history down as it happens: each event with its time and its place. */
import type { Happening, HistoryEvent } from './history.ts';

export interface Recorder {
  readonly events: readonly HistoryEvent[];
  /** The recorder of one device. */
  device(name: string, user: string): DeviceRecorder;
}

export interface DeviceRecorder {
  readonly name: string;
  readonly user: string;
  add(happening: Happening): void;
  /** The device was reloaded. */
  reborn(): void;
}

/** `now` in milliseconds; only differences count. */
export function createRecorder(now: () => number = () => performance.now()): Recorder {
  const events: HistoryEvent[] = [];
  const beganAt = now();
  return {
    events,
    device(device, user) {
      let life = 1;
      return {
        name: device,
        user,
        add: (happening) =>
          void events.push({ at: now() - beganAt, device, user, life, ...happening }),
        reborn: () => void (life += 1),
      };
    },
  };
}
