/** Who types in a room, and telling that one types oneself. */
import type { TypingFrame } from '../../protocol/pushed.ts';
import type { Clock } from '../clock.ts';
import type { Line } from '../connection/line.ts';
import { createTimer } from '../timer.ts';
import {
  hearTyping,
  isWorthSaying,
  nextEnd,
  type Said,
  stillTyping,
  type Typists,
} from './typing.ts';

export interface TypingLine {
  /** Usernames; a new array on each change. */
  readonly typists: readonly string[];
  hear(frame: TypingFrame): void;
  /** He has said what he was typing. */
  hasSaid(user: string): void;
  /** One types oneself, or has stopped. */
  say(typing: boolean): void;
  /** Oneself has sent what one was typing: the message says it. */
  sent(): void;
  /** One looks away, or comes back: nothing is known any more. */
  clear(): void;
}

export interface TypingLineOptions {
  readonly room: string;
  readonly ask: Line['ask'];
  readonly clock: Clock;
  readonly me: () => string | undefined;
  readonly changed: (typists: readonly string[]) => void;
}

const MS_PER_SECOND = 1_000;

export function createTypingLine(options: TypingLineOptions): TypingLine {
  const { room, ask, clock, me, changed } = options;
  let typists: Typists = new Map();
  let names: readonly string[] = [];
  let said: Said;
  const end = createTimer(clock, () => become(stillTyping(typists, clock.now())));

  function become(next: Typists): void {
    if (next === typists) return;
    typists = next;
    const first = nextEnd(typists);
    if (first === undefined) end.stop();
    else end.start(first - clock.now());
    const before = names;
    names = [...typists.keys()];
    if (before.join() !== names.join()) changed(names);
  }
  const hear = (user: string, seconds: number) => {
    const now = clock.now();
    const present = stillTyping(typists, now);
    if (user !== me()) become(hearTyping(present, user, seconds * MS_PER_SECOND, now));
  };
  return {
    get typists() {
      return names;
    },
    hear: ({ user, expires_in: seconds }) => hear(user.username, seconds),
    hasSaid: (user) => hear(user, 0),
    say(typing) {
      const now = clock.now();
      if (!isWorthSaying(said, typing, now)) return;
      said = typing ? now : undefined;
      void ask({ action: 'typing', room, typing });
    },
    sent() {
      said = undefined;
    },
    clear: () => become(new Map()),
  };
}
