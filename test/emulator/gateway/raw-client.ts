import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** A client of bytes, for what no WebSocket library would send or show. */
export interface RawClient {
  readonly socket: Socket;
  write(bytes: Buffer | string): void;
  /** The next frame from the gateway. */
  frame(): Promise<RawFrame>;
  /** Everything after the handshake until the other side ends. */
  rest(): Promise<Buffer>;
}

export interface RawFrame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The bytes of an upgrade request. */
export function upgradeRequest(path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...headers,
    '\r\n',
  ].join('\r\n');
}

/** Sends bytes and reads until the other side ends. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Opens a WebSocket by hand; `early` is sent in the same packet as the request. */
export async function openRaw(
  port: number,
  path = '/prod',
  early: Buffer = Buffer.alloc(0),
): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  // What the gateway cuts is an end like any other here.
  socket.on('error', () => {});
  let received: Buffer = Buffer.alloc(0);
  let ended = false;
  socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])));
  socket.on('close', () => (ended = true));
  const until = async <T>(read: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = read();
      if (found !== undefined) return found;
      if (ended) throw new Error('the gateway closed the socket');
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    }
  };
  socket.write(Buffer.concat([Buffer.from(upgradeRequest(path)), early]));
  await until(() => {
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    received = received.subarray(end + 4);
    return true;
  });
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    frame: () =>
      until(() => {
        const parsed = readFrame(received);
        if (parsed === undefined) return undefined;
        received = parsed.rest;
        return parsed.frame;
      }),
    async rest() {
      if (!ended) await once(socket, 'close');
      return received;
    },
  };
}

export const TEXT = 1;
export const CONTINUATION = 0;
export const CLOSE = 8;
export const PING = 9;

/** A client's frame, masked as it must be unless told otherwise. */
export function frameOf(
  payload: Buffer | string,
  { opcode = TEXT, fin = true, masked = true } = {},
): Buffer {
  const bytes = Buffer.from(payload);
  const mask = Buffer.from([1, 2, 3, 4]);
  const body = masked ? Buffer.from(bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0))) : bytes;
  return Buffer.concat([
    headerOf(bytes.length, { opcode, fin, masked }),
    masked ? mask : Buffer.alloc(0),
    body,
  ]);
}

/** The first bytes of a frame, without its mask. */
export function headerOf(
  length: number,
  { opcode = TEXT, fin = true, masked = true } = {},
): Buffer {
  const first = (fin ? 0x80 : 0) | opcode;
  const flag = masked ? 0x80 : 0;
  if (length < 126) return Buffer.from([first, flag | length]);
  if (length < 0x1_0000) return Buffer.from([first, flag | 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header.writeUInt8(first, 0);
  header.writeUInt8(flag | 127, 1);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** The close code in a close frame. */
export function codeOf({ opcode, payload }: RawFrame): number | undefined {
  return opcode === CLOSE && payload.length >= 2 ? payload.readUInt16BE(0) : undefined;
}

/** Reads one unmasked frame, as servers send them. */
function readFrame(bytes: Buffer): { frame: RawFrame; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = 2 + (short === 126 ? 2 : 0) + (short === 127 ? 8 : 0);
  if (bytes.length < start) return undefined;
  const length =
    short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(2))
        : short;
  if (bytes.length < start + length) return undefined;
  const first = bytes.readUInt8(0);
  return {
    frame: {
      fin: (first & 0x80) !== 0,
      opcode: first & 0x0f,
      payload: bytes.subarray(start, start + length),
    },
    rest: bytes.subarray(start + length),
  };
}
