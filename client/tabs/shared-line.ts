/**
 * A line over one socket for all tabs of a browser: the tab that leads has it, the others ask that tab.
 * When the leader dies another takes over and everybody catches up; what was under way comes to
 * `offline`. Tabs share when they have the same token; one whose token callback fails at first has a
 * socket of its own. With one socket there is one selected room: of the tabs, the one that looked last.
 */
import type { Clock } from '../clock.ts';
import { type ConnectionState, isSignedIn } from '../connection/connection-state.ts';
import type { TabLocks } from './election.ts';
import { createFollower } from './follower.ts';
import { createLeader, type Leader } from './leader.ts';
import type { Line, LineOptions } from '../connection/line.ts';
import { isPageHidden, onPageWake } from '../connection/page.ts';
import { CLOSED, OFFLINE } from '../connection/requests.ts';
import type { OpenTabChannel } from './tab-channel.ts';
import { createTabs } from './tabs.ts';
import { toSocketUrl } from '../connection/url.ts';
import { newUuid } from '../uuid.ts';
import { createWatchedState } from '../connection/watched-state.ts';

export interface SharedLineOptions extends LineOptions {
  /** Default: the platform's `navigator.locks`. */
  readonly locks?: TabLocks;
  /** Default: a `BroadcastChannel`. */
  readonly openChannel?: OpenTabChannel;
  /** Whether nobody can see this tab. Default: what the page says. */
  readonly isHidden?: () => boolean;
}

/** Whether tabs can share here; otherwise each has a line of its own. */
export const canShare = (): boolean =>
  typeof BroadcastChannel !== 'undefined' &&
  typeof navigator !== 'undefined' &&
  'locks' in navigator &&
  // Only a page that came over https, or from this machine, can tell tokens apart.
  'subtle' in crypto;

/** Throws when the URL is none that may be used. */
export function createSharedLine(options: SharedLineOptions): Line {
  const { clock, onWake = onPageWake, isHidden = isPageHidden } = options;
  const tab = newUuid();
  const watched = createWatchedState();
  /** Who it was, when this tab had to let go of the lead. */
  let user: string | undefined;
  let room: string | undefined;
  let leader: Leader | undefined;

  const reach = (state: ConnectionState) => watched.reach(state, clock.now());
  const tabs = createTabs({
    ...options,
    url: toSocketUrl(options.url),
    hear: (message) => role().hear(message),
    joined: () => follower.greet(),
    lead() {
      follower.leave();
      if (isSignedIn(watched.state)) reach(leaderGone(clock));
      leader = createLeader({ ...options, tab, post: tabs.post, stateChanged: reach });
      leader.look(room);
      leader.connect();
    },
    resign() {
      user = leader?.user;
      void leader?.close();
      leader = undefined;
      reach(leaderGone(clock));
      follower.look(room);
      follower.greet();
    },
  });
  const follower = createFollower({
    ...options,
    tab,
    watched,
    isHidden,
    post: tabs.post,
    silent: () => tabs.takeOver(),
  });
  const role = () => leader ?? follower;
  const stopWaking = onWake(() => role().wake());

  return {
    get state() {
      return watched.state;
    },
    get user() {
      return leader?.user ?? follower.user ?? user;
    },
    connect() {
      if (watched.state.name !== 'idle') return role().connect();
      watched.move({ name: 'connecting', attempt: 1 });
      void tabs.join();
    },
    async close() {
      if (watched.state.name === 'closed') return;
      stopWaking();
      await leader?.close();
      follower.leave();
      tabs.leave();
      watched.move({ name: 'closed' });
    },
    async ask(frame, uuid = newUuid()) {
      if (watched.state.name === 'closed') return CLOSED;
      return isSignedIn(watched.state) ? role().ask(frame, uuid) : OFFLINE;
    },
    look(looked) {
      room = looked;
      role().look(room);
    },
    onState: (listener) => watched.on(listener),
  };
}

const leaderGone = (clock: Clock): ConnectionState => ({
  name: 'offline',
  retryAt: clock.now(),
  reason: 'leader_gone',
});
