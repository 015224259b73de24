/**
 * What a function prints, cut into lines and sent on at once and in order. Node's own worker streams
 * would lose it: they wait for the event loop, which is frozen between invocations.
 *
 * Bounded per invocation; what is cut is said once. Not caught: writing straight to the file
 * descriptors 1 and 2, which a thread shares with its process.
 */
export interface Output {
  /** A new invocation: the count of lines begins anew. */
  begin(): void;
  /** Sends what has no line break yet. */
  flush(): void;
}

/** Lines of one invocation. */
export const lineLimit = 2_000;
/** Characters of one line. */
export const lineLengthLimit = 16_384;

/** Takes over `process.stdout` and `process.stderr`, and so `console`. */
export function captureOutput(send: (line: string, stream: 'out' | 'err') => void): Output {
  const pending = new Map<NodeJS.WriteStream, string>();
  let lines = 0;
  let lengthSaid = false;

  const sendLine = (line: string, stream: 'out' | 'err') => {
    lines += 1;
    if (lines > lineLimit + 1) return;
    if (lines > lineLimit) {
      return send(`[cut: more than ${lineLimit} lines in one invocation]`, 'err');
    }
    send(line.slice(0, lineLengthLimit), stream);
    if (line.length <= lineLengthLimit || lengthSaid) return;
    lengthSaid = true;
    send(`[cut: a line of more than ${lineLengthLimit} characters]`, 'err');
  };
  const capture = (stream: NodeJS.WriteStream) => {
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const parts = ((pending.get(stream) ?? '') + text).split('\n');
      // One character more than the limit is enough to know that the line was too long.
      pending.set(stream, (parts.pop() ?? '').slice(0, lineLengthLimit + 1));
      for (const line of parts) sendLine(line, nameOf(stream));
      const written = rest.at(-1);
      if (typeof written === 'function') process.nextTick(written);
      return true;
    };
    Object.assign(stream, { write });
  };
  capture(process.stdout);
  capture(process.stderr);

  return {
    begin() {
      lines = 0;
      lengthSaid = false;
    },
    flush() {
      for (const [stream, rest] of pending) if (rest !== '') sendLine(rest, nameOf(stream));
      pending.clear();
    },
  };
}

const nameOf = (stream: NodeJS.WriteStream) => (stream === process.stderr ? 'err' : 'out');
