/** What a message leads to. */
import type { Message } from '../../../client/index.ts';

/** What a message leads to elsewhere in the room. */
export interface MessageHandlers {
  /** Brings another message into view. */
  readonly show: (seq: number) => void;
  readonly reply: (message: Message) => void;
  readonly edit: (message: Message) => void;
}
