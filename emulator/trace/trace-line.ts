import type { TraceEvent } from './trace.ts';

const ARROWS: Readonly<Record<TraceEvent['what'], string>> = {
  open: '●',
  in: '→',
  out: '←',
  post: '⇐',
  close: '○',
};

/** One event as one line for people: `→ Lf2k… new_message 96 B, 12 ms`. */
export function traceLine({ what, connection, by, bytes, code, ms, content }: TraceEvent): string {
  const size = bytes === undefined ? '' : ` ${bytes} B`;
  const status = code === undefined ? '' : ` ${code}`;
  const time = ms === undefined ? '' : `, ${Math.round(ms)} ms`;
  const name = by === undefined ? '' : ` ${by}`;
  const said = content === undefined ? '' : ` ${JSON.stringify(content)}`;
  return `${ARROWS[what]} ${connection} ${what}${name}${size}${status}${time}${said}`;
}
