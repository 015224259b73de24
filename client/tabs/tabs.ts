/** A tab among those that share a socket: finds them, hears them, and stands for leader. */
import { type Election, stand, type TabLocks } from './election.ts';
import type { LineOptions } from '../connection/line.ts';
import {
  groupOf,
  openBroadcastChannel,
  type OpenTabChannel,
  type TabChannel,
  type TabMessage,
} from './tab-channel.ts';

/** How long the token callback may take; after that the tab goes its own way. */
export const JOIN_MAX_MS = 10_000;

export interface TabsOptions extends Pick<LineOptions, 'url' | 'token' | 'clock'> {
  /** Default: the platform's `navigator.locks`. */
  readonly locks?: TabLocks;
  /** Default: a `BroadcastChannel`. */
  readonly openChannel?: OpenTabChannel;
  readonly hear: (message: TabMessage) => void;
  /** This tab can hear and be heard. */
  readonly joined: () => void;
  /** This tab leads from now on; also when it found no others to share with. */
  readonly lead: () => void;
  /** And now no more. */
  readonly resign: () => void;
}

export interface Tabs {
  join(): Promise<void>;
  /** To all others; nothing while there are none. */
  readonly post: (message: TabMessage) => void;
  /** Leads in place of a leader that does not answer. */
  takeOver(): void;
  leave(): void;
}

export function createTabs(options: TabsOptions): Tabs {
  const { locks = navigator.locks, openChannel = openBroadcastChannel, lead, resign } = options;
  let channel: TabChannel | undefined;
  let election: Election | undefined;
  let left = false;

  return {
    async join() {
      const name = await findGroup(options);
      if (left) return;
      if (name === undefined) return lead();
      channel = openChannel(name, options.hear);
      election = stand({ locks, name, lead, resign });
      options.joined();
    },
    post: (message) => channel?.post(message),
    takeOver: () => election?.steal(),
    leave() {
      left = true;
      election?.close();
      channel?.close();
      channel = undefined;
    },
  };
}

/** The name of this tab's group, or undefined when the token cannot be had in time. */
function findGroup({ url, token, clock }: TabsOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(JOIN_MAX_MS, () => resolve(undefined));
    const find = async () => groupOf(url, await token());
    void find()
      .then(resolve, () => resolve(undefined))
      .finally(cancel);
  });
}
