import {
  clearLine,
  createInterface,
  cursorTo,
  emitKeypressEvents,
  type Interface,
} from 'node:readline';

/**
 * Where lines come from and go to. On a terminal what comes in stands above the line that is being
 * typed, which stays as it is; in a pipe there are lines in and lines out, and nothing else.
 */
export interface Screen {
  /** One line, on standard output. */
  show(line: string): void;
  /** About the program itself: beside the lines in a pipe, among them on a terminal. */
  tell(line: string): void;
  /** What stands before the line that is typed. */
  prompt(words: string): void;
  /** Each line that is typed or piped in, one after another; ends with the input. */
  lines(): AsyncIterable<string>;
  /** Somebody types, or has emptied the line. */
  onTyping(listener: (typing: boolean) => void): void;
  close(): void;
}

type Input = NodeJS.ReadStream;
type Output = NodeJS.WriteStream;

/** A terminal when both ends are one. */
export const createScreen = (input: Input, output: Output, aside: Output): Screen =>
  input.isTTY && output.isTTY ? terminal(input, output) : pipe(input, output, aside);

function terminal(input: Input, output: Output): Screen {
  const line = createInterface({ input, output, prompt: '> ', historySize: 100 });
  const lines = fromNowOn(line);
  // To the program, which closes the chat, and not to readline, which would only close itself.
  line.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const show = (text: string) => {
    clearLine(output, 0);
    cursorTo(output, 0);
    output.write(`${text}\n`);
    line.prompt(true);
  };
  return {
    show,
    tell: show,
    prompt(words) {
      line.setPrompt(`${words}> `);
      line.prompt(true);
    },
    lines: () => lines,
    onTyping(listener) {
      emitKeypressEvents(input, line);
      // The key is in the line when everybody has heard of it.
      input.on('keypress', () => setImmediate(() => listener(isMessage(line.line))));
    },
    close: () => line.close(),
  };
}

const isMessage = (typed: string) => typed !== '' && !/^\/(?!\/)/.test(typed);

function pipe(input: Input, output: Output, aside: Output): Screen {
  const line = createInterface({ input, crlfDelay: Infinity });
  const lines = fromNowOn(line);
  return {
    show: (text) => output.write(`${text}\n`),
    tell: (text) => aside.write(`${text}\n`),
    prompt() {},
    lines: () => lines,
    onTyping() {},
    close: () => line.close(),
  };
}

/** The lines from this moment on, whenever they are asked for: what nobody waits for is else lost. */
function fromNowOn(line: Interface): AsyncIterable<string> {
  const iterator = line[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}
