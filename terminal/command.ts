/**
 * What a line means that somebody has typed: a message, or a command that begins with a slash. Two
 * slashes begin a message with one. Pure.
 */
export type Command =
  | { readonly name: 'say'; readonly text: string }
  | { readonly name: CommandName; readonly rest: string }
  | { readonly name: 'unknown'; readonly typed: string };

/** Each command, what comes behind it, and what it does. */
export const COMMANDS = {
  rooms: ['', 'lists your rooms'],
  room: ['NAME', 'goes to a room, by its name or id'],
  history: ['[COUNT]', 'shows older messages'],
  members: ['', 'lists who is in the room'],
  reply: ['NUMBER TEXT', 'answers a message'],
  edit: ['NUMBER TEXT', 'changes a message'],
  delete: ['NUMBER', 'deletes a message'],
  react: ['NUMBER EMOJI', 'reacts to a message; once more takes it back'],
  direct: ['USER', 'opens a direct room with somebody'],
  create: ['NAME', 'makes a private room'],
  public: ['', 'lists the public rooms'],
  join: ['ID', 'joins a public room'],
  invite: ['USER', 'brings somebody into the room'],
  leave: ['', 'leaves the room'],
  retry: ['', 'sends again what failed'],
  verify: ['', 'proves that what is loaded is complete and unaltered'],
  help: ['', 'shows this'],
  quit: ['', 'ends'],
} as const satisfies Record<string, readonly [takes: string, does: string]>;

export type CommandName = keyof typeof COMMANDS;

/** Undefined for a line that says nothing. */
export function toCommand(line: string): Command | undefined {
  if (line.trim() === '') return undefined;
  if (!line.startsWith('/')) return { name: 'say', text: line };
  if (line.startsWith('//')) return { name: 'say', text: line.slice(1) };
  const [typed = '', ...rest] = line.slice(1).split(' ');
  return isCommand(typed)
    ? { name: typed, rest: rest.join(' ').trim() }
    : { name: 'unknown', typed: `/${typed}` };
}

const isCommand = (typed: string): typed is CommandName => Object.hasOwn(COMMANDS, typed);

/** `12 some text` as a number and a text; undefined when it begins with no number. */
export function numbered(
  rest: string,
): { readonly seq: number; readonly text: string } | undefined {
  const { seq, text = '' } = /^#?(?<seq>\d+)(?:\s+(?<text>.*))?$/s.exec(rest)?.groups ?? {};
  return seq === undefined ? undefined : { seq: Number(seq), text };
}
