/**
 * What one entry of the log makes of another: an edit, a delete, a reaction, a pin of the message it is
 * about. It does what the server does to its own copy, so a message looks the same whether the client
 * applied the entries or a page showed it as they had made it already. To apply the same ones again, in
 * their order, changes nothing in the end.
 */
import type { Entry } from '../../protocol/entry.ts';

/** The entry as the other one leaves it; the very same object when it changes nothing. */
export function fold(known: Entry, entry: Entry): Entry {
  if (entry.target === undefined || entry.seq <= known.seq) return known;
  if (known.kind === 'edit' && entry.kind === 'delete' && known.target === entry.target) {
    return erased(known);
  }
  const isAbout = known.kind === 'message' && known.seq === entry.target;
  // What was deleted stays as it is.
  if (!isAbout || known.deleted !== undefined) return known;
  if (entry.kind === 'edit') return edited(known, entry);
  if (entry.kind === 'delete') return { ...erased(known), text: '', deleted: entry.seq };
  if (entry.kind === 'reaction') return reacted(known, entry);
  return entry.kind === 'pin' ? pinned(known, entry.pinned ?? false) : known;
}

/** Without its words. Of an edit, not even what it was about is told any more. */
function erased(entry: Entry): Entry {
  const { text: _, reply_to: __, mentions: ___, meta: ____, nonce: _____, ...rest } = entry;
  if (rest.kind !== 'edit') return rest;
  const { target: ______, ...edit } = rest;
  return edit;
}

function edited(message: Entry, { seq, text, mentions }: Entry): Entry {
  // An edit without a text came too late, and says nothing.
  if (text === undefined || seq <= (message.edited ?? 0)) return message;
  const { mentions: _, ...rest } = message;
  return { ...rest, text, edited: seq, ...(mentions === undefined ? {} : { mentions }) };
}

function reacted(message: Entry, { emoji, remove, user }: Entry): Entry {
  if (emoji === undefined) return message;
  const { [emoji]: before = [], ...others } = message.reactions ?? {};
  if (remove === true && !before.includes(user.username)) return message;
  const users = before.filter((other) => other !== user.username);
  if (remove !== true) users.push(user.username);
  const { reactions: _, ...rest } = message;
  return { ...rest, reactions: users.length === 0 ? others : { ...others, [emoji]: users } };
}

function pinned(message: Entry, on: boolean): Entry {
  if ((message.pinned ?? false) === on) return message;
  const { pinned: _, ...rest } = message;
  return on ? { ...rest, pinned: true } : rest;
}
