import { EDITS_MAX_COUNT } from '../../protocol/limits.ts';
import type { Content } from '../../protocol/content.ts';
import type { Entry, MessageState } from './entry.ts';

/**
 * What an entry does to the message it is about, and to that message's edits: pure, and applied in the
 * same transaction that appends the entry, so that history and log never disagree.
 */
export interface Effect {
  /** The entry as it is appended: without its text when there is nothing left to edit. */
  readonly entry: Entry;
  /** Rows that change with it. */
  readonly changed: readonly Entry[];
}

/** The number of the message an entry is about. */
export function targetOf({ said }: Entry): number | undefined {
  return said !== undefined && 'target' in said.content ? said.content.target : undefined;
}

function erased(entry: Entry): Entry {
  const { said: _, ...rest } = entry;
  return rest;
}

const withState = (entry: Entry, state: MessageState): Entry => ({
  ...entry,
  state: { ...entry.state, ...state },
});

/** `target` is the message's row as it is; `edits` are the rows of its edits, needed by a delete. */
export function effectOf(entry: Entry, target: Entry | undefined, edits: readonly Entry[]): Effect {
  const content = entry.said?.content;
  const gone = target === undefined || target.kind !== 'message' || target.said === undefined;
  const edit = content?.kind === 'edit';
  // Deleted in the meantime, or edited by so many at once that a delete could not erase them all in
  // one transaction: what was to be said is not said.
  if (gone || (edit && (target.state?.edits ?? []).length >= EDITS_MAX_COUNT)) {
    return { entry: edit ? erased(entry) : entry, changed: [] };
  }
  return { entry, changed: content === undefined ? [] : changedBy(content, entry, target, edits) };
}

/** What entries that follow one another do together. */
export interface Effects {
  /** Each as it is told: as it was when it came. */
  readonly said: readonly Entry[];
  /** Each as it is written: as the ones behind it have made it. */
  readonly rows: readonly Entry[];
  /** Rows of the log that change with them. */
  readonly changed: readonly Entry[];
}

/** `rows` are the messages that the entries are about and their edits, as the log has them. */
export function effectsOf(entries: readonly Entry[], rows: readonly Entry[]): Effects {
  const before = new Set(rows.map(({ seq }) => seq));
  const current = new Map(rows.map((row) => [row.seq, row]));
  const changed = new Set<number>();
  const said = entries.map((entry) => {
    const target = current.get(targetOf(entry) ?? 0);
    const edits = entry.kind === 'delete' ? (target?.state?.edits ?? []) : [];
    const editRows = edits.flatMap((seq) => current.get(seq) ?? []);
    const effect =
      targetOf(entry) === undefined ? { entry, changed: [] } : effectOf(entry, target, editRows);
    for (const row of [effect.entry, ...effect.changed]) current.set(row.seq, row);
    for (const { seq } of effect.changed) changed.add(seq);
    return effect.entry;
  });
  const now = (seq: number) => current.get(seq) ?? [];
  return {
    said,
    rows: entries.flatMap(({ seq }) => now(seq)),
    changed: [...changed].filter((seq) => before.has(seq)).flatMap(now),
  };
}

function changedBy(
  content: Content,
  entry: Entry,
  target: Entry,
  edits: readonly Entry[],
): readonly Entry[] {
  if (content.kind === 'edit') return [edited(target, entry, content.text, content.mentions)];
  if (content.kind === 'delete') {
    return [withState(erased(target), { deleted: entry.seq }), ...edits.map(erased)];
  }
  if (content.kind === 'reaction') {
    return [react(target, entry.user, content.emoji, content.remove === true)];
  }
  return content.kind === 'pin' ? [pin(target, content.pinned)] : [];
}

function edited(
  target: Entry,
  { seq }: Entry,
  text: string,
  mentions: readonly string[] | undefined,
): Entry {
  if (target.said?.content.kind !== 'message') return target;
  const { mentions: _, ...before } = target.said.content;
  const content = {
    ...before,
    text,
    ...(mentions === undefined ? {} : { mentions: [...mentions] }),
  };
  const edits = [...(target.state?.edits ?? []), seq];
  return withState({ ...target, said: { ...target.said, content } }, { edited: seq, edits });
}

function react(target: Entry, user: string, emoji: string, remove: boolean): Entry {
  const { [emoji]: before = [], ...others } = target.state?.reactions ?? {};
  const users = before.filter((other) => other !== user);
  if (!remove) users.push(user);
  return withState(target, {
    reactions: users.length === 0 ? others : { ...others, [emoji]: users },
  });
}

function pin(target: Entry, pinned: boolean): Entry {
  const { pinned: _, ...state } = target.state ?? {};
  return { ...target, state: pinned ? { ...state, pinned: true } : state };
}
