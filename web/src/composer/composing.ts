/** What is being written in a room: something new, an answer to a message, or a message anew. */
import type { Message } from '../../../client/index.ts';

export type Composing =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: Message }
  | { readonly kind: 'edit'; readonly message: Message };
