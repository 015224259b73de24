/**
 * Names of people: what a name may be, so that two that look the same to a machine are the same, and
 * none hides a control character, a direction mark or a separator of keys.
 */

/** Characters of a username. */
export const USERNAME_MAX_LENGTH = 64;

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;

/** The name in its one spelling (NFC), or undefined when it cannot be one. */
export function toUsername(text: string): string | undefined {
  const name = text.normalize('NFC');
  return name.length <= USERNAME_MAX_LENGTH && USERNAME.test(name) ? name : undefined;
}

/** Characters of a room's name, as people see it. */
export const ROOM_NAME_MAX_LENGTH = 100;

/** A room's name, or undefined when it is blank, too long, or holds control characters. */
export function toRoomName(text: string): string | undefined {
  const name = text.normalize('NFC').trim();
  const fits = name !== '' && name.length <= ROOM_NAME_MAX_LENGTH && name.isWellFormed();
  return fits && !/\p{C}/u.test(name) ? name : undefined;
}
