import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import type { Log, Printed } from './log.ts';

/**
 * The log as people read it on a terminal, one line each: time, level, who, which request, what.
 *
 *     09:06:45.123 info  Chat/NewMessage 8f1c2a90  accepted room=r1
 *
 * A line of JSON with a `message` (structured loggers print those) is shown by its level, its message and
 * its other fields; any other line as it is, without control characters. Lines of a failure's stack
 * are indented, and name the function's files without the way to them.
 */
export interface LogLinesOptions {
  readonly write: (text: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createLogLines({ write, now }: LogLinesOptions): Log {
  return (source, line, printed) => {
    const time = new Date(now()).toISOString().slice(11, 23);
    const shown = printed === undefined ? { level: 'info', text: line } : readPrinted(printed);
    const who =
      printed === undefined
        ? `${source}:`
        : `${tellingName(printed.function)} ${printed.requestId.slice(0, REQUEST_LENGTH)} `;
    for (const part of shown.text.split('\n')) {
      write(`${time} ${shown.level.padEnd(5)} ${who} ${plain(part)}\n`);
    }
  };
}

/** Characters of a request id that are enough to tell two apart. */
const REQUEST_LENGTH = 8;

/** Ids that constructs give to what they are made of. */
const UNTELLING = new Set(['Resource', 'Default', 'Function', 'Handler', 'Lambda']);

/** `Parley/Chat/NewMessage/Function/Resource` is `Chat/NewMessage` to people. */
export function tellingName(path: string): string {
  const parts = path.split('/').filter((part) => !UNTELLING.has(part));
  const inStack = parts.length > 1 ? parts.slice(1) : parts;
  return inStack.slice(-2).join('/') || path;
}

/** The level and the text of a function's line. */
export function readPrinted({ kind, text }: Pick<Printed, 'kind' | 'text'>): {
  readonly level: string;
  readonly text: string;
} {
  if (kind === 'failure') return { level: 'error', text: shortStack(text) };
  return readStructured(text) ?? { level: kind === 'err' ? 'error' : 'info', text };
}

/** Fields that say again what stands in front of the line. */
const KNOWN_FIELDS = new Set(['level', 'message', 'msg', 'timestamp', 'time', 'requestId']);

function readStructured(text: string) {
  if (!text.startsWith('{')) return undefined;
  const fields = parseObject(text);
  const message = fields?.['message'] ?? fields?.['msg'];
  if (fields === undefined || typeof message !== 'string') return undefined;
  const { level } = fields;
  const rest = Object.entries(fields)
    .filter(([name]) => !KNOWN_FIELDS.has(name))
    .map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
  const shownLevel = typeof level === 'string' ? level.toLowerCase() : 'info';
  return { level: shownLevel, text: message + rest.join('') };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** In a stack: the file's own name for its absolute place. */
function shortStack(text: string): string {
  return text.replaceAll(/(?:file:\/\/)?((?:\/[^\s/():]+)+):(\d+:\d+)/g, (_, file: string, at) => {
    return `${basename(file)}:${String(at)}`;
  });
}

/** A function may print anything, and a terminal obeys some of it. */
const plain = (text: string) => stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\t]/gu, '');
