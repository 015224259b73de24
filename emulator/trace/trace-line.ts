import type { FrameEvent, RequestEvent, TraceEvent } from './trace.ts';

const ARROWS: Readonly<Record<FrameEvent['what'], string>> = {
  open: '●',
  in: '→',
  out: '←',
  post: '⇐',
  close: '○',
};

/** One event as one line for people: `→ Lf2k… in new_message 96 B, 12 ms`, `⇄ GET /rooms 200 list, 9 ms`. */
export const traceLine = (event: TraceEvent): string =>
  event.what === 'request' ? requestLine(event) : frameLine(event);

function frameLine({ what, connection, by, bytes, code, ms, content }: FrameEvent): string {
  const size = bytes === undefined ? '' : ` ${bytes} B`;
  const status = code === undefined ? '' : ` ${code}`;
  const time = ms === undefined ? '' : `, ${Math.round(ms)} ms`;
  const name = by === undefined ? '' : ` ${by}`;
  return `${ARROWS[what]} ${connection} ${what}${name}${size}${status}${time}${quoted(content)}`;
}

function requestLine({ method, path, code, by, ms, content, answer }: RequestEvent): string {
  const name = by === undefined ? '' : ` ${by}`;
  const reply = answer === undefined ? '' : ` ←${quoted(answer)}`;
  return `⇄ ${method} ${path} ${code}${name}, ${Math.round(ms)} ms${quoted(content)}${reply}`;
}

const quoted = (text: string | undefined) => (text === undefined ? '' : ` ${JSON.stringify(text)}`);
