import type { Chat, Outcome, Room } from '../client/index.ts';
import { type CommandName, numbered } from './command.ts';
import { visible } from './visible.ts';
import { helpLines, memberLine, messageLine, roomLine } from './words.ts';

/** What the commands do, each by its name. What is refused is told, and nothing else happens. */
export const ACTIONS: Readonly<Record<Exclude<CommandName, 'quit'>, Action>> = {
  rooms: (desk) => list(desk, 'rooms', desk.chat.rooms, roomLine),

  room(desk, name) {
    const id = findRoom(desk.chat, name);
    if (id === undefined) desk.refuse('invalid_room_id', `There is no room ${visible(name)}`);
    else desk.goTo(id);
  },

  async history(desk) {
    const room = desk.room();
    const newest = room?.messages[0];
    if (room === undefined || refused(desk, await room.loadOlder())) return;
    const end = room.messages.findIndex(({ key }) => key === newest?.key);
    const older = room.messages.slice(0, Math.max(0, end));
    list(desk, 'history', older, (message) => messageLine(message));
  },

  async members(desk) {
    const outcome = await desk.room()?.members();
    if (outcome === undefined || refused(desk, outcome) || !outcome.ok) return;
    list(desk, 'members', outcome.members, memberLine);
  },

  async public(desk) {
    const outcome = await desk.chat.publicRooms();
    if (refused(desk, outcome) || !outcome.ok) return;
    list(desk, 'public', outcome.rooms, ({ id, name }) => `  ${visible(name)} [${visible(id)}]`);
  },

  reply: (desk, rest) =>
    about(desk, rest, (room, replyTo, text) => {
      room.send(text, { replyTo });
      return Promise.resolve({ ok: true });
    }),
  edit: (desk, rest) => about(desk, rest, (room, seq, text) => room.edit(seq, text)),
  delete: (desk, rest) => about(desk, rest, (room, seq) => room.remove(seq)),
  react: (desk, rest) =>
    about(desk, rest, (room, seq, emoji) => {
      const users = room.messages.find((one) => one.seq === seq)?.reactions.get(emoji) ?? [];
      return room.react(seq, emoji, !users.includes(desk.chat.user ?? ''));
    }),

  direct: async (desk, user) => goWhenMade(desk, await desk.chat.openDirect(user)),
  create: async (desk, name) =>
    goWhenMade(desk, await desk.chat.createRoom({ name, kind: 'private' })),

  async join(desk, id) {
    if (!refused(desk, await desk.chat.join(id))) desk.goTo(id);
  },

  async invite(desk, user) {
    const outcome = await desk.room()?.invite(user);
    if (outcome !== undefined) refused(desk, outcome);
  },

  async leave(desk) {
    const room = desk.room();
    if (room === undefined || refused(desk, await room.leave())) return;
    const next = desk.chat.rooms.find(({ id }) => id !== room.id);
    if (next !== undefined) desk.goTo(next.id);
  },

  retry(desk) {
    const room = desk.room();
    for (const { uuid, state } of room?.messages ?? []) if (state === 'failed') room?.retry(uuid);
  },

  async verify(desk) {
    const proof = await desk.room()?.verify();
    if (proof === undefined) return;
    const words = proof.ok
      ? `Complete and unaltered from #${proof.from} to #${proof.to}.`
      : `NOT as it was written: #${proof.seq} (${proof.reason}).`;
    desk.answer(words, { type: 'verified', ...proof });
  },

  help: (desk) => desk.answer(helpLines().join('\n'), { type: 'help', lines: helpLines() }),
};

type Action = (desk: Desk, rest: string) => Promise<void> | void;

/** What the commands work on. */
export interface Desk {
  readonly chat: Chat;
  /** The room that is looked at. */
  room(): Room | undefined;
  goTo(room: string): void;
  /** Says something, in words or as the object of a script. */
  answer(words: string, object: Answer): void;
  refuse(code: string, words: string): void;
}

export type Answer = Readonly<Record<string, unknown>> & { readonly type: string };

/** The room of this name or id; without one, that which was spoken in last. */
export const findRoom = ({ rooms }: Chat, wanted: string | undefined): string | undefined => {
  if (wanted === undefined) return rooms[0]?.id;
  const named = ({ name, other = name }: (typeof rooms)[number]) =>
    other.toLowerCase() === wanted.toLowerCase();
  return (rooms.find(({ id }) => id === wanted) ?? rooms.find(named))?.id;
};

/** Tells what was refused; true when something was. */
function refused(desk: Desk, outcome: Outcome): boolean {
  if (!outcome.ok) desk.refuse(outcome.code, visible(outcome.message));
  return !outcome.ok;
}

/** Does something with the message whose number comes first. */
async function about(
  desk: Desk,
  rest: string,
  act: (room: Room, seq: number, text: string) => Promise<Outcome>,
): Promise<void> {
  const room = desk.room();
  const asked = numbered(rest);
  if (room === undefined) return;
  if (asked === undefined) {
    desk.refuse('invalid_target', 'Say of which message: its number, then the rest.');
  } else refused(desk, await act(room, asked.seq, asked.text));
}

function goWhenMade(desk: Desk, made: Outcome<{ readonly room: string }>): void {
  if (!refused(desk, made) && made.ok) desk.goTo(made.room);
}

function list<One>(
  desk: Desk,
  type: string,
  all: readonly One[],
  words: (one: One) => string,
): void {
  desk.answer(all.map(words).join('\n'), { type, [type]: all });
}
