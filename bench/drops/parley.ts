/** Parley as it is: the whole stack in the emulator, with polls as on AWS, and `client/` in front. */
import { startLocalChat } from '../../bin/local-chat.ts';
import {
  type Chat,
  type Clock,
  createChat,
  createMemoryStorage,
  openWebSocket,
  type Room,
} from '../../client/index.ts';
import { people } from '../crowd.ts';
import { type Contestant, type Place, roomName } from './contestant.ts';

export const parley: Contestant = {
  async serve(rooms, roomSize) {
    const chat = await startLocalChat();
    const tokens: (readonly string[])[] = [];
    for (let room = 0; room < rooms; room += 1) {
      tokens.push(await people(chat, roomName(room), roomSize + 1));
    }
    const { model, lambda, apis } = chat.cloud;
    return {
      url: apis[0]?.websocket ?? '',
      tokens,
      async deploy() {
        for (const { name } of model.functions) lambda.deploy(name);
      },
    };
  },

  async join(place) {
    const { chat, room } = enter(place);
    watch(room, place.shown);
    await settled(room, ({ loading, atEnd }) => !loading && atEnd && isOnline(chat));
    return { close: () => chat.close() };
  },

  async speak(place) {
    const { chat, room } = enter({ ...place, shown: () => {} });
    await settled(room, () => isOnline(chat));
    return {
      async say(id) {
        const { uuid } = room.send(id);
        const isNumbered = () =>
          room.messages.some((message) => message.uuid === uuid && message.seq !== undefined);
        await settled(room, isNumbered);
      },
      close: () => chat.close(),
    };
  },
};

const isOnline = ({ connection }: Chat) => connection.name === 'online';

function enter({ url, room: id, token, speed }: Place): {
  readonly chat: Chat;
  readonly room: Room;
} {
  const chat = createChat({
    url,
    token: () => token,
    clock: fasterClock(speed),
    storage: createMemoryStorage(),
    openSocket: openWebSocket,
    tabs: 'single',
  });
  chat.look(id);
  chat.connect();
  return { chat, room: chat.room(id) };
}

/** Tells of each message that is to be seen with its number, and again if there are ever two of it. */
function watch(room: Room, shown: (id: string) => void): void {
  let newest = 0;
  room.on('change', ({ messages }) => {
    const fresh = messages.filter(({ seq = 0 }) => seq > newest);
    for (const { text } of fresh) shown(text);
    newest = fresh.at(-1)?.seq ?? newest;
    const texts = messages.map(({ text }) => text);
    if (new Set(texts).size === texts.length) return;
    for (const [index, text] of texts.entries()) if (texts.indexOf(text) < index) shown(text);
  });
}

const settled = (room: Room, holds: (room: Room) => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!holds(room)) return;
      clearInterval(timer);
      stop();
      resolve();
    };
    const stop = room.on('change', look);
    // What is waited for may change without the room.
    const timer = setInterval(look, LOOK_MS);
    look();
  });

const LOOK_MS = 50;

function fasterClock(speed: number): Clock {
  const startedAt = Date.now();
  return {
    now: () => startedAt + (Date.now() - startedAt) * speed,
    after(ms, run) {
      const timer = setTimeout(run, ms / speed);
      return () => clearTimeout(timer);
    },
  };
}
