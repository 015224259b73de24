import type { ConnectionState, Member, Message, Notice, RoomSummary } from '../client/index.ts';
import type { Happening } from './happenings.ts';
import { COMMANDS } from './command.ts';
import { visible } from './visible.ts';

/** What a terminal shows, in words: one line each, nothing in it that controls the terminal. */
export function happeningLine(happening: Happening): string {
  if (happening.type === 'notice') return `      * ${noticeWords(happening.notice)}`;
  if (happening.type === 'gap') {
    return `      … ${happening.messages} messages are not shown here: /history shows older ones`;
  }
  const { type, message } = happening;
  if (type !== 'failed') return messageLine(message, type);
  const { text, code = 'failed' } = message;
  return `    ! ${visible(text)} (not sent: ${code}; /retry sends it again)`;
}

export function messageLine(
  message: Message,
  what: 'message' | 'edited' | 'deleted' = 'message',
): string {
  const { seq = 0, time, user, text, replyTo, edited, deleted } = message;
  const number = `#${seq}`.padStart(5);
  const reply = replyTo === undefined ? '' : `(to #${replyTo}) `;
  const said = deleted ? '(deleted)' : `${reply}${visible(text)}${edited ? ' (edited)' : ''}`;
  return `${number} ${clockTime(time)} ${what === 'message' ? '' : '~ '}${visible(user)}: ${said}`;
}

const clockTime = (time: number) =>
  new Date(time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export function noticeWords({ kind, user, member = user, role, reason, name }: Notice): string {
  const [who, whom] = [visible(user), visible(member)];
  const of = {
    join: who === whom ? `${who} is in the room` : `${who} brought ${whom} in`,
    leave: who === whom ? `${who} has left` : `${whom} was ${reason ?? 'put out'} by ${who}`,
    rename: `${who} calls the room ${visible(name ?? '')}`,
    role: `${who} made ${whom} ${role ?? 'member'}`,
  };
  return of[kind];
}

export function roomLine({ id, name, unread, mentions, online, other, last }: RoomSummary): string {
  const marks =
    unread === 0 ? '' : ` ${unread} new${mentions === 0 ? '' : `, ${mentions} for you`}`;
  const preview = last === undefined ? '' : `  ${visible(last.user)}: ${visible(last.text)}`;
  return `  ${visible(other ?? name)} [${visible(id)}] ${online} online${marks}${preview}`;
}

export function memberLine({ user, role, online, lastSeen, muted }: Member): string {
  const seen =
    lastSeen === undefined ? '' : `, last seen ${new Date(lastSeen * 1_000).toISOString()}`;
  const state = online > 0 ? 'online' : `offline${seen}`;
  return `  ${visible(user)} (${role}${muted ? ', muted' : ''}) ${state}`;
}

/** Undefined for states that pass by themselves and need no words. */
export function connectionWords(state: ConnectionState, now: number): string | undefined {
  if (state.name === 'online') return 'Connected.';
  if (state.name === 'failed') return `Failed: ${visible(state.message)} (${state.code})`;
  if (state.name !== 'offline') return undefined;
  const seconds = Math.max(0, Math.round((state.retryAt - now) / 1_000));
  return `Offline: ${visible(state.reason)}. Trying again in ${seconds} s.`;
}

export function typingWords(users: readonly string[]): string {
  const names = users.map(visible);
  if (names.length === 0) return '';
  if (names.length > 3) return `${names.length} people type …`;
  return `${names.join(', ')} ${names.length === 1 ? 'types' : 'type'} …`;
}

export function helpLines(): readonly string[] {
  const commands = Object.entries(COMMANDS).map(([name, [takes, does]]) => {
    const call = `/${name} ${takes}`.trimEnd();
    return `  ${call.padEnd(22)} ${does}`;
  });
  return ['A line is a message. // begins one with a slash.', ...commands];
}
