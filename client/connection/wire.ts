/**
 * One socket, as frames. It trusts nothing that comes in: what no protocol knows is dropped and said, and
 * a server that goes on with it, or floods, loses the connection. Frames are handed on as they come and
 * nothing is queued, so memory stays bounded whatever the other side does.
 */
import type { Clock } from '../clock.ts';
import { type End, endOfClose } from './close-reasons.ts';
import { readFrames, type ServerFrame } from './frames.ts';
import type { LineOptions } from './line.ts';
import type { Socket } from './socket.ts';

/** Things on one socket that are no frames, after which it is given up. */
export const BAD_FRAMES_MAX_COUNT = 20;

/** Texts within one second, after which it is given up: far more than API Gateway sends to anybody. */
export const TEXTS_MAX_PER_SECOND = 2_000;

export interface WireOptions extends Pick<LineOptions, 'url' | 'openSocket' | 'clock' | 'problem'> {
  readonly opened: () => void;
  /** Anything came in: the line lives. Comes before the frames in it. */
  readonly heard: () => void;
  readonly received: (frame: ServerFrame) => void;
  /** Called once, unless `close` was called before; nothing else is called after. */
  readonly ended: (end: End) => void;
}

export interface Wire {
  /** It has not ended yet, from either side. */
  readonly open: boolean;
  send(text: string): void;
  /** Closes without another call of any handler. */
  close(): void;
  /** Gives the socket up: closes, and tells `ended`. */
  end(end: End): void;
}

export function openWire({ url, openSocket, clock, problem, ...told }: WireOptions): Wire {
  const guard = createGuard(clock);
  let open = true;
  let socket: Socket | undefined;

  const close = () => {
    open = false;
    socket?.close();
  };
  const end = (reason: End) => {
    if (!open) return;
    close();
    told.ended(reason);
  };
  const message = (text: string) => {
    if (!open) return;
    told.heard();
    const { frames, bad, failed } = readFrames(text);
    const verdict = guard.check(bad);
    if (verdict.problem !== undefined) problem(verdict.problem);
    if (failed) problem({ code: 'server_failed', message: 'The server failed to answer' });
    if (verdict.giveUp) return end({ fatal: false, reason: 'bad_frames' });
    // A handler may close the wire between two frames of one text.
    for (const frame of frames) if (open) told.received(frame);
  };
  try {
    socket = openSocket(url, {
      open: () => open && told.opened(),
      message,
      close: (code) => end(endOfClose(code)),
    });
  } catch {
    // Told later, as a close would be: whoever opens has not got the wire yet.
    clock.after(0, () => end({ fatal: false, reason: 'lost' }));
  }
  return {
    get open() {
      return open;
    },
    send: (text) => socket?.send(text),
    close,
    end,
  };
}

/** Counts what a well-behaved server never sends, and tells the first of each kind. */
function createGuard(clock: Clock) {
  let bad = 0;
  let texts = 0;
  let second = 0;
  return {
    check(more: number) {
      const problem =
        bad === 0 && more > 0
          ? { code: 'bad_frames', message: 'The server sent what is no frame of the protocol' }
          : undefined;
      bad += more;
      const present = Math.floor(clock.now() / 1_000);
      texts = present === second ? texts + 1 : 1;
      second = present;
      if (texts > TEXTS_MAX_PER_SECOND) {
        const flood = { code: 'flood', message: 'The server sent too many frames' };
        return { problem: flood, giveUp: true };
      }
      return { problem, giveUp: bad > BAD_FRAMES_MAX_COUNT };
    },
  };
}
