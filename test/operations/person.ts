import { onTestFinished } from 'vitest';

import {
  type Chat,
  type ChatOptions,
  createChat,
  createMemoryStorage,
  type Room,
} from '../../client/index.ts';
import type { TestChat } from '../support/chat.ts';

/** Somebody with the real client library in the lobby, and all that his client ever told. */
export interface Person {
  readonly chat: Chat;
  readonly lobby: Room;
  /** Names of the states of his connection, in their order. */
  readonly states: readonly string[];
  /** Codes of the problems that he was told of. */
  readonly problems: readonly string[];
  /** What is to be seen in the lobby. */
  texts(): readonly string[];
  /** Resolves when the condition holds. */
  until(condition: () => boolean): Promise<void>;
  /** Resolves when he sees so many messages, each with a number. */
  readonly sees: (count: number) => Promise<void>;
}

export async function enter(
  server: TestChat,
  user: string,
  options: Partial<ChatOptions> = {},
): Promise<Person> {
  const chat = createChat({
    url: server.cloud.apis[0]?.websocket ?? '',
    token: () => server.tokens[user] ?? '',
    // No jitter: the next attempt begins at once.
    random: () => 0,
    storage: createMemoryStorage(),
    tabs: 'single',
    ...options,
  });
  onTestFinished(() => chat.close());
  const lobby = chat.room('lobby');
  const states: string[] = [];
  const problems: string[] = [];
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watch of watchers) watch();
  };
  lobby.on('change', look);
  chat.on('connection', ({ name }) => {
    states.push(name);
    look();
  });
  chat.on('problem', ({ code }) => {
    problems.push(code);
    look();
  });
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const watch = () => {
        if (!condition()) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  chat.look('lobby');
  chat.connect();
  await until(() => chat.connection.name === 'online');
  return {
    chat,
    lobby,
    states,
    problems,
    until,
    texts: () => lobby.messages.map(({ text }) => text),
    sees: (count) =>
      until(
        () =>
          lobby.messages.length === count && lobby.messages.every(({ seq }) => seq !== undefined),
      ),
  };
}

/** Numbers from 1 to `count`, as every log has them. */
export const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
