/** What the tabs of one browser say to each other: one of them leads and has the socket, the others follow. */
import type { ConnectionState } from '../connection/connection-state.ts';
import type { ServerFrame } from '../connection/frames.ts';
import type { Answer, Frame } from '../connection/line.ts';

export type TabMessage =
  /** Who leads? */
  | { readonly type: 'hello' }
  /** I do, and so it stands. `round` grows whenever something may have been missed. */
  | {
      readonly type: 'lead';
      readonly tab: string;
      readonly state: ConnectionState;
      readonly user: string | undefined;
      readonly round: number;
    }
  /** To those who follow: what came in. */
  | { readonly type: 'frame'; readonly frame: ServerFrame }
  /** To who leads, with its answer. */
  | {
      readonly type: 'ask';
      readonly tab: string;
      readonly id: number;
      readonly frame: Frame;
      readonly uuid: string;
    }
  | {
      readonly type: 'answer';
      readonly tab: string;
      readonly id: number;
      readonly answer: Answer;
    }
  | { readonly type: 'look'; readonly tab: string; readonly room: string | undefined }
  | { readonly type: 'wake' }
  | { readonly type: 'connect' };

export interface TabChannel {
  /** To all other tabs of the same name, in order. */
  post(message: TabMessage): void;
  close(): void;
}

export type OpenTabChannel = (name: string, hear: (message: TabMessage) => void) => TabChannel;

/** The platform's own. Only scripts of this very origin can speak on it. */
export const openBroadcastChannel: OpenTabChannel = (name, hear) => {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', (event: Event) => {
    if ('data' in event) hear(event.data as TabMessage);
  });
  const post = channel.postMessage.bind(channel);
  return { post, close: () => channel.close() };
};

/** Tabs of another version of these messages must not be spoken to. */
const VERSION = 1;

/**
 * The name of those who share a socket: tabs with the same token for the same url, so that a tab never
 * speaks as somebody that it could not sign in as. Tells nothing of the token.
 */
export async function groupOf(url: string, token: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([url, token]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0'));
  return `parley ${VERSION} ${hex.join('')}`;
}
