/**
 * Proves that a stretch of a log lacks nothing and was not altered, by its seals (rule L4). From the
 * first entry of the room on, that is all there is to prove; of a stretch from the middle, the chain of
 * its first entry is taken on trust. The words of an edited message are proved by the newest edit, when
 * that is in the stretch; of words that were erased nothing can be proved but that they were there.
 * Reactions and pins are not sealed with the message, and not proved.
 *
 * Needs WebCrypto, which browsers give to pages that came over https or from this machine.
 */
import type { Entry } from '../../protocol/entry.ts';

export type Verification =
  /** Numbers of the first and the last entry; 0 when there is none. */
  | { readonly ok: true; readonly from: number; readonly to: number }
  | {
      readonly ok: false;
      /** The number of the first entry that is wrong. */
      readonly seq: number;
      /** `hash`: its words are others. `chain`: it is another, or stands elsewhere. `missing`: it is not there. */
      readonly reason: 'hash' | 'chain' | 'missing';
    };

/** By kind, what the sender of an entry gave. */
const FIELDS: Readonly<Record<string, readonly (keyof Entry)[]>> = {
  message: ['text', 'reply_to', 'mentions', 'meta'],
  edit: ['target', 'text', 'mentions'],
  delete: ['target'],
  reaction: ['target', 'emoji', 'remove'],
  pin: ['target', 'pinned'],
  join: ['member'],
  leave: ['member', 'reason'],
  rename: ['name'],
  role: ['member', 'role'],
};

/** Entries oldest first. */
export async function verify(entries: readonly Entry[]): Promise<Verification> {
  let before: Entry | undefined;
  for (const entry of entries) {
    const { seq } = entry;
    if (before !== undefined && seq !== before.seq + 1) {
      return { ok: false, seq: before.seq + 1, reason: 'missing' };
    }
    const chain = seq === 1 ? '' : before?.chain;
    if (chain !== undefined && (await linked(chain, entry)) !== entry.chain) {
      return { ok: false, seq, reason: 'chain' };
    }
    if (!(await isAsSaid(entry, entries))) return { ok: false, seq, reason: 'hash' };
    before = entry;
  }
  return { ok: true, from: entries[0]?.seq ?? 0, to: before?.seq ?? 0 };
}

function linked(chain: string, entry: Entry): Promise<string> {
  const { room, seq, n, kind, user, uuid, timestamp, hash } = entry;
  const time = Math.round(timestamp * 1_000);
  return digest(chain, JSON.stringify([room, seq, n, kind, user.username, uuid, time, hash]));
}

async function isAsSaid(entry: Entry, entries: readonly Entry[]): Promise<boolean> {
  const fields = FIELDS[entry.kind];
  if (fields === undefined || entry.deleted !== undefined) return true;
  if (entry.kind === 'message' && entry.edited !== undefined) {
    const edit = entries.find(({ seq }) => seq === entry.edited);
    return edit === undefined || isSame(edit, entry);
  }
  // Only the words of an edit are erased from an entry that is not marked as deleted itself.
  if (entry.nonce === undefined) return entry.kind === 'edit' && entry.text === undefined;
  const said = Object.fromEntries(fields.map((field) => [field, entry[field]]));
  return (await digest(entry.nonce, canonical({ ...said, kind: entry.kind }))) === entry.hash;
}

const isSame = (edit: Entry, message: Entry) =>
  edit.kind === 'edit' &&
  edit.target === message.seq &&
  edit.text === message.text &&
  canonical(edit.mentions) === canonical(message.mentions);

/** JSON without blanks, the keys of every object in the order of their code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${fields.join(',')}}`;
}

async function digest(...parts: readonly [string, string]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const base64 = btoa(String.fromCharCode(...hash));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
