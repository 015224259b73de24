/** What each deed of a plan does, with what is there at that moment. */
import { randomUUID } from 'node:crypto';

import type { Message, Room } from '../../../client/index.ts';
import type { Recorder } from '../recorder.ts';
import type { Arena } from './arena.ts';
import type { Cast } from './cast.ts';
import type { LeapingClock } from './leaping-clock.ts';
import type { LibraryDevice } from './library-device.ts';
import type { Action, Deed } from './plan.ts';

export interface Stage {
  readonly arena: Arena;
  readonly cast: Cast;
  readonly devices: readonly LibraryDevice[];
  readonly clock: LeapingClock;
  readonly recorder: Recorder;
}

/** Who does it, and where. */
interface Scene extends Stage {
  readonly action: Action;
  readonly device: LibraryDevice;
  readonly roomId: string;
  readonly room: Room;
  readonly text: string;
  /** One of the list, by the action's chance. */
  readonly one: <Item>(list: readonly Item[]) => Item | undefined;
}

type Do = (scene: Scene) => unknown;

/** Milliseconds of the clients' time that a laptop is closed. */
const SLEEP_MS = 30_000;

const LONG_TEXT = 'long '.repeat(700);
const OVERSIZED_BYTES = 33 * 1_024;

const numbered = ({ room }: Scene): readonly (Message & { readonly seq: number })[] =>
  room.messages.flatMap((message) =>
    message.seq === undefined ? [] : [{ ...message, seq: message.seq }],
  );

const about =
  (deed: (room: Room, seq: number, scene: Scene) => unknown): Do =>
  (scene) => {
    const message = scene.one(numbered(scene));
    return message && deed(scene.room, message.seq, scene);
  };

const someone =
  (deed: (room: Room, user: string) => unknown): Do =>
  (scene) => {
    const person = scene.one(scene.cast.people);
    return person && deed(scene.room, person.name);
  };

const DEEDS: Readonly<Record<Deed, Do>> = {
  send: ({ device, roomId, text }) => device.send(roomId, text),
  'send long': ({ device, roomId, text }) => device.send(roomId, `${text} ${LONG_TEXT}`),
  'send several': ({ device, roomId, text }) => {
    for (const part of ['a', 'b', 'c']) device.send(roomId, `${text}${part}`);
  },
  edit: about((room, seq, { text }) => room.edit(seq, `edited ${text}`)),
  remove: about((room, seq) => room.remove(seq)),
  react: about((room, seq, { action }) => room.react(seq, '👍', action.which > 0.2)),
  pin: about((room, seq) => room.pin(seq, true)),
  'mark read': ({ room }) => room.markRead(),
  leave: ({ room }) => room.leave(),
  join: ({ device, roomId }) => device.chat.join(roomId),
  kick: someone((room, user) => room.kick(user)),
  ban: someone((room, user) => room.ban(user)),
  unban: someone((room, user) => room.unban(user)),
  rename: ({ room, text }) => room.rename(`Room ${text}`),
  offline: ({ device }) => device.down(),
  online: ({ device }) => device.up(),
  reload: ({ device }) => device.reload(false),
  kill: ({ device }) => device.reload(true),
  sleep: ({ clock }) => clock.leap(SLEEP_MS),
  look: ({ device, roomId }) => device.look(roomId),
  'load older': ({ room }) => room.loadOlder(),
  'plain send': ({ cast, roomId: room, text }) =>
    cast.plain.ask({ action: 'new_message', room, text }),
  'plain twice': ({ cast, roomId: room, text }) => {
    const uuid = randomUUID();
    const frame = { action: 'new_message', room, text };
    const asked = cast.plain.ask(frame, uuid);
    cast.plain.blurt(JSON.stringify({ ...frame, uuid }));
    return asked.then(() => cast.plain.blurt(JSON.stringify({ ...frame, uuid })));
  },
  'plain sync': ({ cast, roomId }) => cast.plain.ask({ action: 'sync', rooms: { [roomId]: 0 } }),
  'plain list': ({ cast }) => cast.plain.ask({ action: 'list_rooms' }),
  'plain oversized': ({ cast, roomId: room }) =>
    cast.plain.blurt(
      JSON.stringify({
        uuid: randomUUID(),
        action: 'new_message',
        room,
        text: 'x'.repeat(OVERSIZED_BYTES),
      }),
    ),
  poison: ({ arena, roomId, text }) => arena.poison(roomId, `poison#${text}`),
};

/** Deeds that the next one waits for; of all others nobody waits. */
const WAITED_FOR: ReadonlySet<Deed> = new Set(['reload', 'kill', 'poison']);

/** Does it; `index` makes its words its own. */
export async function perform(stage: Stage, action: Action, index: number): Promise<void> {
  const device = stage.devices[action.device];
  const roomId = stage.cast.rooms[action.room];
  if (device === undefined || roomId === undefined) return;
  const one: Scene['one'] = (list) => list[Math.floor(action.which * list.length)];
  const scene = { ...stage, action, device, roomId, room: device.room(roomId), one };
  const done = Promise.resolve(DEEDS[action.do]({ ...scene, text: `text ${index}` }));
  if (WAITED_FOR.has(action.do)) await done;
}
