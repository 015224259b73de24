/** The tab that has the socket: speaks for itself and for those who follow, and tells them all that comes in. */
import type { ConnectionState } from '../connection/connection-state.ts';
import type { Line, LineOptions } from '../connection/line.ts';
import { createOwnLine } from '../connection/own-line.ts';
import type { TabMessage } from './tab-channel.ts';
import type { TabRole } from './tab-role.ts';

export interface LeaderOptions extends LineOptions {
  readonly tab: string;
  readonly post: (message: TabMessage) => void;
  readonly stateChanged: (state: ConnectionState) => void;
}

export interface Leader extends TabRole {
  close(): Promise<void>;
}

export function createLeader({ tab, post, ...options }: LeaderOptions): Leader {
  let wake = () => {};
  let round = 0;
  let looker = tab;

  const announce = () => {
    const { state, user } = line;
    post({ type: 'lead', tab, state, user, round });
  };
  const line: Line = createOwnLine({
    ...options,
    recover() {
      round += 1;
      announce();
      return options.recover();
    },
    receive(frame) {
      post({ type: 'frame', frame });
      options.receive(frame);
    },
    onWake(listener) {
      wake = listener;
      return () => (wake = () => {});
    },
  });
  const stopAnnouncing = line.onState((state) => {
    options.stateChanged(state);
    // Of `recovering` the others hear when the round is known in which they recover, too.
    if (state.name !== 'recovering') announce();
  });
  const lookBy = (by: string, room: string | undefined) => {
    // Who looks away does not close the eyes of who looked last.
    if (room === undefined && by !== looker) return;
    looker = by;
    line.look(room);
  };
  return {
    get user() {
      return line.user;
    },
    ask: (frame, uuid) => line.ask(frame, uuid),
    connect: () => line.connect(),
    look: (room) => lookBy(tab, room),
    wake: () => wake(),
    hear(message) {
      if (message.type === 'hello') announce();
      if (message.type === 'connect') line.connect();
      if (message.type === 'wake') wake();
      if (message.type === 'look') lookBy(message.tab, message.room);
      if (message.type === 'ask') {
        const { tab, id, frame, uuid } = message;
        void line.ask(frame, uuid).then((answer) => post({ type: 'answer', tab, id, answer }));
      }
    },
    close() {
      stopAnnouncing();
      return line.close();
    },
  };
}
