/**
 * Where the emulator's words go: one line at a time, under the name of what speaks (a function, an
 * API, `emulator`). Never a message body, a token or a credential of the emulator's own making;
 * what a function prints itself is passed on as it is. Lines of a function carry what is known of
 * them apart, for whoever shows them better than as text.
 */
export type Log = (source: string, line: string, printed?: Printed) => void;

/** A line of a function: what it printed, or how it failed. */
export interface Printed {
  /** Construct path of the function. */
  readonly function: string;
  /** `init` before the first invocation. */
  readonly requestId: string;
  /** What `source` and request id are not in. */
  readonly text: string;
  /** `failure`: Lambda's own word that the function failed, first line or stack. */
  readonly kind: 'out' | 'err' | 'failure';
}
