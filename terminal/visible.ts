/**
 * Text of others on a terminal: an escape sequence in a message must not move the cursor, change the
 * title or answer for the user, and a line break must not pretend to be the next line. Characters that
 * control are shown as what they are.
 */
export function visible(text: string): string {
  return text
    .replaceAll(/\r\n?|\n/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replaceAll(CONTROLS, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < SPACE ? String.fromCodePoint(PICTURES + code) : '\uFFFD';
    });
}

/** C0, DEL and C1; the marks that turn the direction of text, and with it what it seems to say. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const SPACE = 0x20;
/** Where Unicode has pictures of the controls. */
const PICTURES = 0x2400;
