/**
 * The chat of who is signed in, as components read it: what the client tells by events is a signal here,
 * so that a component is drawn again when what it read has changed, and only then. Beside it, what is
 * open on the page.
 */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import {
  type Chat,
  type ConnectionState,
  createChat,
  type RoomSummary,
} from '../../client/index.ts';
import type { DialogName } from './dialogs/dialog-name.ts';
import { createDrafts, type Drafts } from './composer/drafts.ts';
import { createRoute, type Route } from './route.ts';

export interface LiveChat {
  readonly chat: Chat;
  readonly connection: ReadonlySignal<ConnectionState>;
  readonly rooms: ReadonlySignal<readonly RoomSummary[]>;
  /** Something went wrong beyond one request, and nobody has taken note of it yet. */
  readonly problem: Signal<boolean>;
  /** The rooms are known. */
  readonly ready: ReadonlySignal<boolean>;
  /** Empty until somebody is signed in. */
  readonly user: ReadonlySignal<string>;
  readonly route: Route;
  readonly drafts: () => Drafts;
  /** The dialog that is open. */
  readonly dialog: Signal<DialogName | undefined>;
  /** The members of the open room are shown beside it. */
  readonly membersShown: Signal<boolean>;
  /** `refused`: the server would not have the token. */
  readonly signOut: (why?: 'refused') => void;
}

export interface LiveChatOptions {
  readonly url: string;
  readonly token: string;
  readonly signedOut: (why: 'refused' | undefined) => void;
}

export function startLiveChat({ url, token, signedOut }: LiveChatOptions): LiveChat & {
  close(): void;
} {
  const chat = createChat({ url, token: () => token });
  const connection = signal(chat.connection);
  const rooms = signal(chat.rooms);
  const ready = signal(chat.ready);
  const user = signal(chat.user ?? '');
  const problem = signal(false);
  const route = createRoute(window);
  const follow = () => {
    connection.value = chat.connection;
    rooms.value = chat.rooms;
    ready.value = chat.ready;
    user.value = chat.user ?? '';
  };
  const ends = [
    chat.on('connection', follow),
    chat.on('rooms', follow),
    chat.on('problem', () => {
      problem.value = true;
    }),
    effect(() => chat.look(route.room.value)),
    () => route.close(),
  ];
  chat.connect();
  const close = () => {
    for (const end of ends) end();
    void chat.close();
  };
  return {
    chat,
    connection,
    rooms,
    problem,
    ready,
    user,
    route,
    drafts: () => createDrafts(sessionStorage, user.value),
    dialog: signal(undefined),
    membersShown: signal(false),
    signOut(why) {
      if (why === undefined) createDrafts(sessionStorage, user.value).clear();
      close();
      signedOut(why);
    },
    close,
  };
}

export const LiveChatContext = createContext<LiveChat | undefined>(undefined);

export function useLiveChat(): LiveChat {
  const live = useContext(LiveChatContext);
  if (live === undefined) throw new Error('Nobody is signed in here');
  return live;
}
