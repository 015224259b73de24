/** Makes a chat of its parts. */
import { type ChatParts, createParts } from './chat-parts.ts';
import type { Chat, ChatOptions } from './chat.ts';
import { createLobby } from './rooms/lobby.ts';

/** Throws a `TypeError` when the URL is none that may be used. */
export const createChat = (options: ChatOptions): Chat => toChat(createParts(options));

/** The chat that parts make up. */
export function toChat(parts: ChatParts): Chat {
  const { line, events, rooms, post, marks, opened, catchUp } = parts;
  return {
    ...createLobby(parts),
    get connection() {
      return line.state;
    },
    get user() {
      return line.user;
    },
    get rooms() {
      return rooms.summaries;
    },
    get ready() {
      return rooms.ready;
    },
    connect: () => line.connect(),
    async close() {
      await line.close();
      catchUp.close();
      rooms.close();
      marks.close();
      opened.close();
      await post.close();
    },
    room: (id) => opened.open(id).room,
    look: (id) => parts.look(id),
    on: (name, listener) => events.on(name, listener),
  };
}
