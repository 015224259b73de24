/**
 * One device of somebody, with the client library: it can lose its network, be reloaded with what its
 * storage holds, or be killed. All that it shows is written down.
 */
import {
  type Chat,
  createChat,
  createMemoryStorage,
  type Message,
  type Room,
} from '../../../client/index.ts';
import type { ShownMessage } from '../history.ts';
import type { DeviceRecorder } from '../recorder.ts';
import type { LeapingClock } from './leaping-clock.ts';
import { createRecordedNetwork } from './recorded-socket.ts';

export interface LibraryDevice {
  readonly name: string;
  readonly user: string;
  readonly chat: Chat;
  readonly online: boolean;
  room(id: string): Room;
  look(id: string): void;
  /** Loads what is there of a room that nobody has looked at on this device. */
  load(id: string): void;
  send(room: string, text: string): void;
  down(): void;
  up(): void;
  /** A new page with the storage of the old one; `killed`: which did not get to say goodbye. */
  reload(killed: boolean): Promise<void>;
  /** Everything that is to be said here is, and has its number or has failed. */
  settled(): boolean;
  /** What is shown in the end, and whether it can be proved. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export interface LibraryDeviceOptions {
  readonly url: string;
  readonly user: string;
  readonly token: string;
  readonly rooms: readonly string[];
  readonly clock: LeapingClock;
  readonly random: () => number;
  readonly recorder: DeviceRecorder;
}

/** Pages of older messages that are asked for in the end: more than a schedule fills. */
const PAGES_MAX = 10;

export function openLibraryDevice(options: LibraryDeviceOptions): LibraryDevice {
  const { url, user, token, rooms, clock, random, recorder } = options;
  const storage = createMemoryStorage();
  let looked = rooms[0];
  let network = createRecordedNetwork(recorder);

  const start = () => {
    const chat = createChat({
      url,
      token: () => token,
      user,
      storage,
      tabs: 'single',
      openSocket: network.openSocket,
      clock,
      random,
    });
    chat.on('problem', ({ code }) => recorder.add({ kind: 'problem', code }));
    for (const id of rooms) {
      const room = chat.room(id);
      room.on('change', () =>
        recorder.add({ kind: 'shown', room: id, messages: room.messages.map(toShown) }),
      );
    }
    chat.look(looked);
    chat.connect();
    return chat;
  };
  let chat = start();

  return {
    name: recorder.name,
    user,
    get chat() {
      return chat;
    },
    get online() {
      return chat.connection.name === 'online';
    },
    room: (id) => chat.room(id),
    look(id) {
      looked = id;
      chat.look(id);
    },
    load(id) {
      const room = chat.room(id);
      const isLoaded = room.messages.some(({ seq }) => seq !== undefined);
      if (!isLoaded && !room.loading) void room.latest();
    },
    send(id, text) {
      const { uuid } = chat.room(id).send(text);
      recorder.add({ kind: 'wrote', room: id, uuid, text });
    },
    down: () => network.down(),
    up: () => network.up(),
    async reload(killed) {
      const before = chat;
      if (killed) network.down();
      await before.close();
      network = createRecordedNetwork(recorder);
      recorder.reborn();
      chat = start();
    },
    settled: () =>
      rooms.every((id) =>
        chat.room(id).messages.every(({ state, seq }) => state === 'failed' || seq !== undefined),
      ),
    async finish() {
      for (const id of rooms) {
        const room = chat.room(id);
        await room.latest();
        for (let pages = 0; !room.atStart && pages < PAGES_MAX; pages += 1) await room.loadOlder();
        const messages = room.messages.map(toShown);
        const verified = await room.verify();
        const fault = verified.ok ? {} : { fault: `${verified.reason} at ${verified.seq}` };
        recorder.add({ kind: 'verified', room: id, ...fault });
        recorder.add({ kind: 'shown', room: id, messages, final: true });
      }
    },
    close: () => chat.close(),
  };
}

const toShown = ({ uuid, user, seq, n, state, text, deleted, code }: Message): ShownMessage => ({
  uuid,
  user,
  seq,
  n,
  state,
  text,
  deleted,
  ...(code === undefined ? {} : { code }),
});
