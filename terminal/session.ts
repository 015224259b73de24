import type { Chat, Room } from '../client/index.ts';
import { ACTIONS, type Answer, type Desk, findRoom } from './actions.ts';
import { toCommand } from './command.ts';
import { createHappenings, type Happenings } from './happenings.ts';
import { connectionJson, happeningJson, jsonLine } from './json-line.ts';
import type { Screen } from './screen.ts';
import { visible } from './visible.ts';
import { connectionWords, happeningLine, typingWords } from './words.ts';

/**
 * A person, or a script, in front of a chat: shows what happens in one room while lines are typed, and
 * does what the lines say. Reconnecting, order and what is unsent are the client's.
 */
export interface Session {
  /** Does what a line says; false when it was the last. */
  take(line: string): Promise<boolean>;
  /** Resolves when nothing is on its way any more: whether all of it was sent. */
  drained(): Promise<boolean>;
}

export interface SessionOptions {
  readonly chat: Chat;
  readonly screen: Screen;
  /** One JSON object a line instead of words. */
  readonly json: boolean;
  /** By name or id; the room last spoken in when absent. */
  readonly room?: string;
  readonly now?: () => number;
}

/** Resolves when the rooms are known and one of them is shown, or when the connection has failed. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const { chat, screen, json } = options;
  const answer = (words: string, object: Answer) =>
    json ? screen.show(jsonLine(object)) : screen.tell(words);
  const window = createWindow(options);
  const desk: Desk = {
    chat,
    room: () => window.room(),
    goTo: (room) => window.goTo(room),
    answer,
    refuse: (code, message) => answer(`${message} (${code})`, { type: 'refused', code, message }),
  };

  tellConnection(options, answer);
  screen.onTyping((typing) => window.room()?.setTyping(typing));
  chat.connect();
  await readyOrFailed(chat);
  if (chat.ready) {
    const first = findRoom(chat, options.room);
    if (first !== undefined) window.goTo(first);
    else desk.refuse('invalid_room_id', `There is no room ${visible(options.room ?? '')}`);
  }
  return {
    async take(line) {
      const command = toCommand(line);
      if (command === undefined) return true;
      if (command.name === 'quit') return false;
      if (command.name === 'unknown') {
        const typed = visible(command.typed);
        desk.refuse('unknown_command', `There is no ${typed}; /help lists what there is.`);
      } else if (command.name === 'say') window.room()?.send(command.text);
      else await ACTIONS[command.name](desk, command.rest);
      return true;
    },
    drained: () => drained(window.room()),
  };
}

/** The one room that is shown. */
function createWindow({ chat, screen, json }: SessionOptions) {
  /** By room, so that who comes back to one is told only what is new. */
  const happenings = new Map<string, Happenings>();
  let room: Room | undefined;
  let leave = () => {};

  const prompt = (of: Room) => {
    const typing = typingWords(of.typing);
    const name = of.summary?.other ?? of.summary?.name ?? of.id;
    screen.prompt(`${typing === '' ? '' : `${typing} `}${visible(name)}`);
  };

  const showNew = (of: Room) => {
    const known = happenings.get(of.id) ?? createHappenings();
    happenings.set(of.id, known);
    for (const one of known.of(of)) screen.show(json ? happeningJson(one) : happeningLine(one));
    if (of.atEnd) of.markRead();
  };

  return {
    room: () => room,
    goTo(id: string) {
      leave();
      const next = chat.room(id);
      room = next;
      chat.look(id);
      const ends = [
        next.on('change', () => showNew(next)),
        next.on('typing', (users) => {
          if (json) screen.show(jsonLine({ type: 'typing', room: id, users }));
          prompt(next);
        }),
      ];
      leave = () => ends.forEach((end) => end());
      prompt(next);
      showNew(next);
    },
  };
}

function tellConnection(
  { chat, screen, json, now = Date.now }: SessionOptions,
  answer: (words: string, object: Answer) => void,
): void {
  chat.on('connection', (state) => {
    const words = connectionWords(state, now());
    if (json) screen.show(connectionJson(state));
    else if (words !== undefined) screen.tell(words);
  });
  chat.on('problem', ({ code, message }) =>
    answer(`${visible(message)} (${code})`, { type: 'problem', code, message }),
  );
}

/** Resolves when the rooms are known, or the connection has failed for good. */
const readyOrFailed = (chat: Chat) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!chat.ready && chat.connection.name !== 'failed') return;
      for (const end of ends) end();
      resolve();
    };
    const ends = [chat.on('rooms', look), chat.on('connection', look)];
    look();
  });

/** Waits for what is on its way in a room; whether none of it failed. */
const drained = (room: Room | undefined) =>
  new Promise<boolean>((resolve) => {
    const look = () => {
      const unsent = room?.messages.filter(({ mine, seq }) => mine && seq === undefined) ?? [];
      if (unsent.some(({ state }) => state !== 'failed')) return;
      end();
      resolve(unsent.length === 0);
    };
    const end = room?.on('change', look) ?? (() => {});
    look();
  });
