/**
 * A tab without a socket: asks whoever leads, and mirrors how the leader's connection stands. It catches
 * up by itself whenever the leader had to. A leader that does not answer is given up.
 */
import { isSignedIn } from '../connection/connection-state.ts';
import type { LineOptions } from '../connection/line.ts';
import { createRecovery } from '../connection/recovery.ts';
import { createTabAsks } from './tab-asks.ts';
import type { TabMessage } from './tab-channel.ts';
import type { TabRole } from './tab-role.ts';
import { createTimer } from '../timer.ts';
import type { WatchedState } from '../connection/watched-state.ts';

/** How long a leader may take to say that it leads: it may be busy, but not asleep. */
export const LEADER_SILENT_MS = 5_000;

export interface FollowerOptions extends Pick<
  LineOptions,
  'clock' | 'receive' | 'recover' | 'problem'
> {
  readonly tab: string;
  readonly watched: WatchedState;
  readonly isHidden: () => boolean;
  readonly post: (message: TabMessage) => void;
  /** Nobody leads, or only somebody who sleeps. */
  readonly silent: () => void;
}

export interface Follower extends TabRole {
  /** Finds out whether somebody leads. */
  greet(): void;
  /** Follows no more: what is under way comes to `offline`. */
  leave(): void;
}

export function createFollower(options: FollowerOptions): Follower {
  const { tab, watched, post, clock } = options;
  let leader: string | undefined;
  let user: string | undefined;
  let room: string | undefined;
  /** The leader's last; 0 while it is not signed in. */
  let round = 0;

  const silence = createTimer(clock, options.silent);
  const greet = () => {
    post({ type: 'hello' });
    silence.start(LEADER_SILENT_MS);
  };
  const asks = createTabAsks({ tab, clock, post, overdue: greet });
  const recovery = createRecovery({
    recover: options.recover,
    recovered: () => watched.state.name === 'recovering' && watched.move({ name: 'online' }),
    failed() {
      const message = 'What was missed could not be made up for';
      options.problem({ code: 'recover_failed', message });
    },
  });
  const lose = () => {
    recovery.cancel();
    round = 0;
    asks.drop();
  };
  const look = () => {
    // Of the tabs, one that is seen has the one room that the socket can look at.
    if (room !== undefined && !options.isHidden()) post({ type: 'look', tab, room });
  };
  const follow = (lead: TabMessage & { type: 'lead' }) => {
    silence.stop();
    if (lead.tab !== leader || !isSignedIn(lead.state)) lose();
    leader = lead.tab;
    if (!isSignedIn(lead.state)) return watched.reach(lead.state, clock.now());
    if (lead.round === round) return;
    // A leader that replaced its socket in good time has missed nothing, and nobody need notice.
    const seamless = round > 0 && lead.state.name === 'online';
    round = lead.round;
    user = lead.user;
    if (!seamless) watched.reach({ name: 'recovering' }, clock.now());
    look();
    recovery.begin();
  };
  return {
    get user() {
      return user;
    },
    greet,
    ask: (frame, uuid) => asks.ask(frame, uuid),
    connect: () => post({ type: 'connect' }),
    look(looked) {
      room = looked;
      post({ type: 'look', tab, room });
    },
    wake() {
      post({ type: 'wake' });
      look();
      greet();
    },
    hear(message) {
      if (message.type === 'lead') follow(message);
      if (message.type === 'frame') options.receive(message.frame);
      if (message.type === 'answer' && message.tab === tab) asks.answer(message.id, message.answer);
    },
    leave() {
      silence.stop();
      lose();
      leader = undefined;
    },
  };
}
