/**
 * Names of people: what a name may be, so that two that look the same to a machine are the same, and
 * none hides a control character, a direction mark or a separator of keys.
 */

/** Characters of a username. */
export const USERNAME_MAX_LENGTH = 64;

/** Letters that show nothing, such as the Hangul fillers and variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;

/** The name in its one spelling (NFC), or undefined when it cannot be one. */
export function toUsername(text: string): string | undefined {
  const name = text.normalize('NFC');
  const fits = name.length <= USERNAME_MAX_LENGTH && USERNAME.test(name);
  return fits && !INVISIBLE.test(name) ? name : undefined;
}

/** Characters of a room's name, as people see it. */
export const ROOM_NAME_MAX_LENGTH = 100;

/** Joiners and selectors as parts of an emoji; anywhere else they show nothing. */
const EMOJI_PARTS =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}])(?:\u{200d}|\u{fe0f})/gu;

/** A room's name, or undefined when it shows nothing, is too long, or holds control characters. */
export function toRoomName(text: string): string | undefined {
  const name = text.normalize('NFC').trim();
  const visible = name.replace(EMOJI_PARTS, '');
  const fits = visible !== '' && name.length <= ROOM_NAME_MAX_LENGTH && name.isWellFormed();
  return fits && !/[\p{C}\p{Zl}\p{Zp}]/u.test(visible) && !INVISIBLE.test(visible)
    ? name
    : undefined;
}
