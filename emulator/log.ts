/**
 * Where the emulator's words go: one line at a time, under the name of what speaks (a function, an
 * API, `emulator`). Never a message body, a token or a credential of the emulator's own making;
 * what a function prints itself is passed on as it is.
 */
export type Log = (source: string, line: string) => void;
