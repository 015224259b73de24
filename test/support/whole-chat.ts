import { randomUUID } from 'node:crypto';

import type { TestChat } from './chat.ts';
import type { Device, Frame } from './device.ts';

/**
 * Everything the chat can do, in scenes: each begins with rooms and sockets of its own and depends on
 * none before it, so that any of them can be played again alone.
 */
export interface Scene {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

/** What a scene is played on; `leave` closes the sockets that it opened. */
export interface Stage {
  readonly chat: TestChat;
  readonly enter: (user: string) => Promise<Person>;
  leave(): Promise<void>;
}

/** Somebody on a socket, who asks again when something went wrong behind the scene. */
export interface Person {
  /** Asks for what is answered at once. */
  ask(frame: object): Promise<Frame>;
  /** Asks for an entry of the log, waits until it is one, and asks again, as who lost the answer does. */
  tell(frame: object): Promise<Frame>;
}

/** What goes wrong: how often it did, and the next time. */
export interface Mishaps {
  count(): number;
  next(): Promise<void>;
}

const NONE: Mishaps = { count: () => 0, next: () => new Promise(() => {}) };

const FEATURES = ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'];

export function createStage(chat: TestChat, mishaps: Mishaps = NONE): Stage {
  const devices: Device[] = [];
  /** Tries until it goes through without a mishap. */
  const insist = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    for (;;) {
      const before = mishaps.count();
      const next = mishaps.next().then(() => 'mishap' as const);
      const result = await Promise.race([attempt().catch(() => next), next]);
      if (result !== 'mishap' && mishaps.count() === before) return result;
    }
  };
  const person = (device: Device): Person => ({
    ask: (frame) => insist(() => device.ask(frame)),
    async tell(frame) {
      const uuid = randomUUID();
      const answers = () => device.frames.filter((reply) => isOutcome(reply, uuid)).length;
      const attempt = async () => {
        const before = answers();
        device.send({ ...frame, uuid });
        return device.until((reply) => isOutcome(reply, uuid) && answers() > before);
      };
      const first = await insist(attempt);
      await insist(attempt);
      return first;
    },
  });
  return {
    chat,
    async enter(user) {
      const device = await insist(() => chat.connect());
      devices.push(device);
      const entered = person(device);
      await entered.ask(signIn(chat, user));
      return entered;
    },
    async leave() {
      await Promise.all(devices.splice(0).map((device) => device.close()));
    },
  };
}

const isOutcome = (reply: Frame, uuid: string) =>
  reply.uuid === uuid && reply.status !== 'accepted';

const signIn = ({ tokens }: TestChat, user: string) => ({
  action: 'authenticate',
  token: tokens[user],
  features: FEATURES,
});

/** A room of alice, with bob in it if it is private. */
async function openRoom(alice: Person, kind: 'private' | 'public'): Promise<string> {
  const { room = '' } = await alice.tell({ action: 'create_room', name: 'Room', kind });
  if (kind === 'private') await alice.tell({ action: 'invite', room, user: 'bob' });
  return room;
}

const say = (someone: Person, room: string) =>
  someone.tell({ action: 'new_message', room, text: 'Hello' });

/** A scene of alice, who owns a room with bob in it, where something was said. */
const inRoom = (
  name: string,
  act: (room: string, alice: Person, bob: Person, stage: Stage) => Promise<unknown>,
): Scene => ({
  name,
  async play(stage) {
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')];
    const room = await openRoom(alice, 'private');
    await say(alice, room);
    await act(room, alice, bob, stage);
  },
});

/** Connections above which a room is large, for the scene of one: so is the chat to be made. */
export const LARGE_ROOM = 4;

/** The number of the first message of such a room, after those who came in. */
const FIRST = 3;

export const SCENES: readonly Scene[] = [
  {
    name: 'a socket comes, looks at rooms, is somebody else’s, and goes',
    async play(stage) {
      const someone = await stage.enter('alice');
      await someone.ask({ action: 'select_room', room: 'lobby' });
      await someone.ask({ action: 'select_room', room: 'engineering' });
      await someone.ask(signIn(stage.chat, 'bob'));
      await stage.leave();
      await stage.chat.settles();
    },
  },
  {
    name: 'an action that is none',
    async play(stage) {
      await (await stage.enter('alice')).ask({ action: 'dance' });
    },
  },
  inRoom('a message is edited, reacted to, pinned, deleted', async (room, alice, bob, { chat }) => {
    const target = FIRST;
    await alice.tell({ action: 'edit_message', room, target, text: 'Hi' });
    await bob.tell({ action: 'react', room, target, emoji: '👍' });
    await alice.tell({ action: 'pin', room, target });
    await alice.tell({ action: 'delete_message', room, target });
    await chat.settles();
  }),
  inRoom('the log is read', async (room, alice, bob, { chat }) => {
    await alice.ask({ action: 'history', room });
    await alice.ask({ action: 'sync', rooms: { [room]: 0 } });
    await alice.ask({ action: 'select_room', room });
    await bob.ask({ action: 'mark_read', room, seq: FIRST });
    await bob.ask({ action: 'list_rooms' });
    await chat.settles();
  }),
  inRoom('somebody types, and signals', async (room, alice, bob) => {
    await alice.ask({ action: 'select_room', room });
    await bob.ask({ action: 'select_room', room });
    await bob.ask({ action: 'typing', room });
    await bob.ask({ action: 'signal', room, data: { x: 1 } });
  }),
  inRoom('somebody looks, and another comes', async (room, alice, _bob, { chat, enter }) => {
    await alice.ask({ action: 'select_room', room });
    await chat.settles();
    await enter('bob');
    await chat.settles();
  }),
  inRoom('people are governed', async (room, alice, _bob, stage) => {
    await alice.ask({ action: 'mute', room, user: 'bob', seconds: 60 });
    await alice.tell({ action: 'set_role', room, user: 'bob', role: 'owner' });
    await alice.tell({ action: 'set_role', room, user: 'alice', role: 'member' });
    await stage.leave();
    await (await stage.enter('alice')).ask({ action: 'list_members', room });
  }),
  inRoom('a room is slowed and renamed', async (room, alice, bob) => {
    await alice.ask({ action: 'set_slow_mode', room, seconds: 60 });
    await say(bob, room);
    await alice.tell({ action: 'rename_room', room, name: 'Else' });
  }),
  inRoom('people are put out, and come back', async (room, alice) => {
    await alice.ask({ action: 'mute', room, user: 'bob', seconds: 60 });
    await alice.tell({ action: 'kick', room, user: 'bob' });
    await alice.tell({ action: 'ban', room, user: 'bob' });
    await alice.tell({ action: 'ban', room, user: 'carol' });
    await alice.ask({ action: 'unban', room, user: 'bob' });
    await alice.tell({ action: 'invite', room, user: 'bob' });
    await alice.tell({ action: 'ban', room, user: 'bob' });
  }),
  {
    name: 'a public room is found, joined and left',
    async play(stage) {
      const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')];
      const room = await openRoom(alice, 'public');
      await bob.ask({ action: 'list_public_rooms' });
      await bob.tell({ action: 'join', room });
      await alice.ask({ action: 'mute', room, user: 'bob', seconds: 60 });
      await bob.tell({ action: 'leave', room });
      await bob.tell({ action: 'join', room });
      await alice.tell({ action: 'set_role', room, user: 'bob', role: 'owner' });
      await bob.tell({ action: 'leave', room });
      await alice.tell({ action: 'leave', room });
    },
  },
  {
    name: 'two open a room of theirs',
    async play(stage) {
      const user = `guest-${randomUUID().slice(0, 8)}`;
      await stage.chat.directory.addUser(user);
      await (await stage.enter('alice')).tell({ action: 'open_direct', user });
    },
  },
  inRoom('a post finds a socket gone', async (room, _alice, _bob, { chat }) => {
    const revive = chat.cloud.faults.add({ fault: 'post-gone' });
    await chat.put('InboxTable', inboxRow(room, { content: { S: SAID }, acceptedAt: { N: '1' } }));
    await chat.settles();
    revive();
  }),
  inRoom(
    'a socket went without a word, and somebody looks',
    async (room, alice, _bob, { chat }) => {
      await chat.settles();
      const rows = await chat.rows('ConnectionsTable');
      const row = rows.find(({ pk }) => String(pk).startsWith(`room#${room}#`));
      await chat.put('ConnectionsTable', {
        pk: { S: row?.['pk'] },
        sk: { S: NOBODY },
        user: { S: 'carol' },
        expires: { N: String(Number(row?.['expires']) - LONG_AGO_SECONDS) },
      });
      await alice.ask({ action: 'select_room', room });
      await chat.settles();
    },
  ),
  inRoom('who is muted asks all the same', async (room, alice, bob) => {
    await alice.ask({ action: 'mute', room, user: 'bob', seconds: 60 });
    await bob.tell({ action: 'edit_message', room, target: FIRST, text: 'Hi' });
    await bob.tell({ action: 'react', room, target: FIRST, emoji: '👍' });
    await bob.tell({ action: 'pin', room, target: FIRST });
  }),
  inRoom('a large room hears, but for a socket that is gone', async (room, alice, _bob, stage) => {
    const { chat, enter } = stage;
    for (let count = 2; count <= LARGE_ROOM; count += 1) await enter('bob');
    await say(alice, room);
    await chat.settles();
    const revive = chat.cloud.faults.add({ fault: 'post-gone' });
    await chat.put('InboxTable', inboxRow(room, { content: { S: SAID }, acceptedAt: { N: '1' } }));
    await chat.settles();
    revive();
  }),
  inRoom('the stream comes again, to new sandboxes', async (_room, _alice, _bob, { chat }) => {
    await chat.settles();
    const { lambda, model, mappings } = chat.cloud;
    for (const { name } of model.functions) lambda.deploy(name);
    for (const mapping of mappings.values()) mapping.replay('TRIM_HORIZON');
    await chat.settles();
  }),
  inRoom('a row that nobody can read is set aside', async (room, _alice, _bob, { chat }) => {
    await chat.put('InboxTable', inboxRow(room, {}));
    await chat.settles();
  }),
];

/** A row as a backend may write it by hand. */
function inboxRow(room: string, more: object): object {
  const uuid = randomUUID();
  const who = { user: { S: 'alice' }, uuid: { S: uuid } };
  return { room: { S: room }, entry: { S: `alice#${uuid}` }, ...who, ...more };
}

const SAID = JSON.stringify({ kind: 'message', text: 'Anybody?' });

/** A connection id as API Gateway makes them, of no connection. */
const NOBODY = 'XDmENcnwIE0CFEQ=';

/** A connection that came so long ago is doubted. */
const LONG_AGO_SECONDS = 1_800;
