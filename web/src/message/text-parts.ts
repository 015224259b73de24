/**
 * What is in a text: plain words, links and mentions. Only `http` and `https` make a link; everything else
 * stays text, whatever it looks like. The parts joined are the text again, so nothing is lost or changed.
 */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly user: string };

/**
 * Something that may be a link, or a mention: an @ that no word runs into. A name is no longer than names
 * are, for nobody may make this slow.
 */
const CANDIDATE =
  /https?:\/\/[^\s<>"]+|(?<![\p{L}\p{M}\p{N}@_./-])@[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}/giu;

/** Splits a text; only the names in `mentions` are mentions. */
export function textParts(text: string, mentions: readonly string[]): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
    const part = candidate.startsWith('@') ? mentionIn(candidate, mentions) : linkIn(candidate);
    if (part === undefined) continue;
    if (index > end) parts.push({ kind: 'text', text: text.slice(end, index) });
    parts.push(part);
    end = index + part.text.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function linkIn(candidate: string): TextPart | undefined {
  const text = withoutClosing(candidate);
  if (!URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? { kind: 'link', text, href } : undefined;
}

/** Without what ends the sentence rather than the link: punctuation, and brackets opened before it. */
function withoutClosing(link: string): string {
  let open = link.split('(').length - link.split(')').length;
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link.charAt(end - 1);
    if (last === ')' && open < 0) open += 1;
    else if (!PUNCTUATION.includes(last)) break;
  }
  return link.slice(0, end);
}

const PUNCTUATION = ".,;:!?'*_~";

function mentionIn(candidate: string, mentions: readonly string[]): TextPart | undefined {
  const user = namesIn(candidate).find((name) => mentions.includes(name));
  return user === undefined ? undefined : { kind: 'mention', text: `@${user}`, user };
}

/** Names that an `@…` may mean, the longest first: a point may be a part of it, or end the sentence. */
function namesIn(candidate: string): readonly string[] {
  const name = candidate.slice(1);
  const shorter = name.replace(/[._-]$/u, '');
  return shorter === name ? [name] : [name, ...namesIn(`@${shorter}`)];
}

/** People whom a text mentions, each once, of those who are `known`; when not all are, anybody. */
export function mentionsIn(
  text: string,
  known: readonly string[],
  allKnown: boolean,
): readonly string[] {
  const found = new Set<string>();
  for (const [candidate] of text.matchAll(CANDIDATE)) {
    if (!candidate.startsWith('@')) continue;
    const names = namesIn(candidate);
    const user =
      names.find((name) => known.includes(name)) ?? (allKnown ? undefined : names.at(-1));
    if (user !== undefined) found.add(user);
  }
  return [...found];
}
